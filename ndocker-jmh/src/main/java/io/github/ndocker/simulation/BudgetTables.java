package io.github.ndocker.simulation;

import io.github.ndocker.budget.FastTierBudget;
import io.github.ndocker.budget.HotImage;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** The tables of {@code src-docs/budget.md}: the same numbers each time, from fixed seeds. */
public final class BudgetTables {
  static final int IMAGES = 200;
  static final int STARTS = 20_000;
  static final long HALF_LIFE = 1_000;
  private static final int SHARE = 20; // a twentieth of the images' bytes

  /** Not those that the half-life was chosen with, which are 1 to 8. */
  private static final List<Long> SEEDS = List.of(11L, 12L, 13L, 14L, 15L, 16L);

  private static final List<Double> EXPONENTS = List.of(0.8, 1.0, 1.2);
  private static final List<Integer> PHASES = List.of(1, 4, 10);

  private BudgetTables() {}

  /**
   * Prints the tables.
   *
   * @param arguments none
   */
  public static void main(String... arguments) {
    System.out.print(policies() + "\n" + exact());
  }

  /**
   * One sequence of starts under each policy.
   *
   * @param bound seconds that nobody can save more than
   * @param choice seconds of the best choice that was found, made anew for each phase
   */
  record Comparison(
      double bound, double choice, BudgetRun byValue, BudgetRun byRecency, BudgetRun byFrequency) {
    static Comparison of(long seed, double exponent, int count, int phases) {
      SplittableRandom random = new SplittableRandom(seed);
      HotImages images = HotImages.random(random, IMAGES, true);
      Starts starts = Starts.zipf(random, IMAGES, exponent, count, phases);
      long budget = images.bytes() / SHARE;
      double bound = 0;
      double choice = 0;
      for (int phase = 0; phase < phases; phase++) {
        List<HotImage> expecting = images.expecting(starts.counts(phase));
        bound += OffLine.bound(expecting, budget);
        choice += OffLine.choice(expecting, budget);
      }
      return new Comparison(
          bound,
          choice,
          BudgetRun.of(
              images,
              starts,
              budget,
              (tier, all) -> new ByValue(FastTierBudget.STANDARD, HALF_LIFE, tier, all)),
          BudgetRun.of(images, starts, budget, (tier, all) -> new ByRecency(tier)),
          BudgetRun.of(images, starts, budget, (tier, all) -> new ByFrequency(tier, IMAGES)));
    }

    /** Of what the better one of the two saves. */
    double overOthers() {
      return byValue.seconds() / Math.max(byRecency.seconds(), byFrequency.seconds());
    }

    double part(BudgetRun run) {
      return run.seconds() / bound;
    }
  }

  /** Policies beside one another, means over the seeds. */
  static String policies() {
    StringBuilder table =
        new StringBuilder(
            "| Zipf s | ranks change after | best choice found | by value | worst seed | LRU | LFU"
                + " | by value ÷ the better of both, worst seed | written, by value | LRU | LFU |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (int phases : PHASES) {
      for (double exponent : EXPONENTS) {
        List<Comparison> runs =
            SEEDS.stream().map(seed -> Comparison.of(seed, exponent, STARTS, phases)).toList();
        row(
            table,
            Double.toString(exponent),
            phases == 1 ? "never" : STARTS / phases + " starts",
            percent(mean(runs, run -> run.choice() / run.bound())),
            percent(mean(runs, run -> run.part(run.byValue()))),
            percent(runs.stream().mapToDouble(run -> run.part(run.byValue())).min().orElse(0)),
            percent(mean(runs, run -> run.part(run.byRecency()))),
            percent(mean(runs, run -> run.part(run.byFrequency()))),
            String.format(
                Locale.ROOT,
                "%.3f×",
                runs.stream().mapToDouble(Comparison::overOthers).min().orElse(0)),
            gigabytes(mean(runs, run -> run.byValue().writtenBytes())),
            gigabytes(mean(runs, run -> run.byRecency().writtenBytes())),
            gigabytes(mean(runs, run -> run.byFrequency().writtenBytes())));
      }
    }
    return table.toString();
  }

  /** The choice beside the optimum, where that can be found: for images that share nothing. */
  static String exact() {
    StringBuilder table =
        new StringBuilder(
            """
            | seed | Zipf s | optimum, s | choice found | bound |
            | --- | --- | --- | --- | --- |
            """);
    for (long seed : SEEDS.subList(0, 3)) {
      for (double exponent : EXPONENTS) {
        SplittableRandom random = new SplittableRandom(seed);
        HotImages images = HotImages.random(random, IMAGES, false);
        Starts starts = Starts.zipf(random, IMAGES, exponent, STARTS, 1);
        List<HotImage> expecting = images.expecting(starts.counts(0));
        long budget = images.bytes() / SHARE;
        double optimum = ExactKnapsack.seconds(expecting, budget);
        row(
            table,
            Long.toString(seed),
            Double.toString(exponent),
            String.format(Locale.ROOT, "%.0f", optimum),
            String.format(Locale.ROOT, "%.2f%%", 100 * OffLine.choice(expecting, budget) / optimum),
            String.format(Locale.ROOT, "%.2f%%", 100 * OffLine.bound(expecting, budget) / optimum));
      }
    }
    return table.toString();
  }

  private static double mean(List<Comparison> runs, ToDoubleFunction<Comparison> number) {
    return runs.stream().mapToDouble(number).average().orElse(0);
  }

  private static void row(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private static String gigabytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
