package io.github.ndocker.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetSimulationTest {
  private static final Path PAGE =
      Path.of("").toAbsolutePath().resolveSibling("src-docs").resolve("budget.md");

  @Test
  void savesNineTenthsOfWhatIsPossibleAndMoreThanRecencyAndFrequency() {
    BudgetTables.Comparison run = BudgetTables.Comparison.of(1, 1.0, 8_000, 2);
    double ours = run.part(run.byValue());
    assertTrue(ours >= 0.9 && ours <= 1, "of the bound: " + ours);
    assertTrue(run.byValue().seconds() > run.byRecency().seconds(), "LRU");
    assertTrue(run.byValue().seconds() > run.byFrequency().seconds(), "LFU");
    assertTrue(run.choice() <= run.bound());
  }

  @Test
  void thePageShowsWhatTheCodeComputes() throws IOException {
    String page = Files.readString(PAGE);
    assertEquals(BudgetTables.exact(), shown(page, "exact"));
    // all of this table takes a minute
    List<String> rows = shown(page, "policies").lines().skip(2).toList();
    assertEquals(9, rows.size());
    for (String row : rows) {
      String[] cells = row.split("\\|", -1);
      assertTrue(number(cells[5]) >= 90, row);
      assertTrue(number(cells[8]) > 1, row);
    }
  }

  private static double number(String cell) {
    return Double.parseDouble(cell.strip().replaceAll("[%×]", ""));
  }

  private static String shown(String page, String table) {
    String before = "<!-- " + table + " -->\n";
    int from = page.indexOf(before) + before.length();
    assertTrue(from >= before.length(), "the page has no table '" + table + "'");
    return page.substring(from, page.indexOf("<!-- end -->", from));
  }

  @Test
  void noChoiceOfTwelveImagesThatShareExceedsTheBound() {
    for (long seed = 0; seed < 4; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      HotImages all = HotImages.random(random, 12, true);
      double[] starts = IntStream.range(0, 12).mapToDouble(i -> random.nextInt(100)).toArray();
      List<HotImage> images = all.expecting(starts);
      long budget = all.bytes() / 20;
      double best = 0;
      for (int subset = 0; subset < 1 << 12; subset++) {
        int bits = subset;
        List<HotImage> chosen =
            IntStream.range(0, 12).filter(i -> (bits >> i & 1) == 1).mapToObj(images::get).toList();
        Set<HotSegment> segments =
            chosen.stream().flatMap(i -> i.segments().stream()).collect(Collectors.toSet());
        if (segments.stream().mapToLong(s -> s.bytes()).sum() <= budget) {
          best = Math.max(best, chosen.stream().mapToDouble(HotImage::seconds).sum());
        }
      }
      double bound = OffLine.bound(images, budget);
      assertTrue(best <= bound * (1 + 1e-9), "seed " + seed + ": " + best + " > " + bound);
      double choice = OffLine.choice(images, budget);
      assertTrue(
          choice <= best * (1 + 1e-9) && choice >= 0.9 * best,
          "seed " + seed + ": " + choice + " of " + best);
    }
  }
}
