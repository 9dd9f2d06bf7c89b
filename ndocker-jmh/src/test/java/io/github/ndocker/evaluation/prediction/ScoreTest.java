package io.github.ndocker.evaluation.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.HotFile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTest {
  private static HotFile file(String path, long... firstAndLastPages) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < firstAndLastPages.length; i += 2) {
      long pages = firstAndLastPages[i + 1] - firstAndLastPages[i] + 1;
      ranges.add(new ByteRange(firstAndLastPages[i] * 4096, pages * 4096));
    }
    return new HotFile(path, ranges);
  }

  private static Score score(List<HotFile> read, List<HotFile> predicted) {
    PageRanges was = PageRanges.of(read);
    PageRanges here = PageRanges.of(predicted);
    return new Score("x", 100 * 4096, was, here, was.minus(here), 0);
  }

  @Test
  void whatIsMissedCostsAReadForEachRange() {
    Score score = score(List.of(file("/a", 0, 9), file("/b", 0, 0)), List.of(file("/a", 2, 3)));
    // pages 0 to 1 and 4 to 9 of one file, all of the other one
    assertEquals(3, score.missed().runs());
    assertEquals(9 * 4096, score.missed().bytes());
    assertEquals(3 / 150.0 + 9 * 4096 / 120e6, score.missed().seconds(), 1e-9);
    assertEquals(2.0 / 11, score.byteRecall(), 1e-9);
    assertTrue(score.gain() < 0, "one file in two pieces is slower than in one");
    assertEquals(0.02, score.share(), 1e-9);
  }

  @Test
  void allIsEverythingAndNothingIsNothing() {
    List<HotFile> read = List.of(file("/a", 0, 0, 5, 9));
    assertEquals(1, score(read, List.of(file("/a", 0, 99))).gain(), 1e-9);
    assertEquals(0, score(read, List.of(file("/c", 0, 99))).gain(), 1e-9);
    assertEquals(0, score(read, List.of()).gain(), 1e-9);
  }
}
