package io.github.ndocker.simulation;

import io.github.ndocker.budget.FastTierBudget;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.source.OciLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The budget of the fast tier with real images: one sequence of cold starts under each policy, on
 * paper and with containers. What a start is faster is measured first, and told to all of them.
 *
 * <p>Arguments: the directory of {@code make-images}, a directory on tmpfs, the profile of the slow
 * device, a seed, the exponent of the Zipf distribution, how many starts, and the names of images.
 * Prints tables. Needs root.
 */
public final class BudgetTrial {
  private static final int SHARE = 20; // a twentieth of the images' bytes
  private static final int STARTS_MEASURED = 3;
  private static final int PROGRESS = 50;

  private final RealHost host;
  private final HotImages images;
  private final double[] slow;
  private final Starts starts;
  private final long budget;

  private BudgetTrial(RealHost host, HotImages images, double[] slow, Starts starts, long budget) {
    this.host = host;
    this.images = images;
    this.slow = slow;
    this.starts = starts;
    this.budget = budget;
  }

  /**
   * Runs it.
   *
   * @param arguments see above
   * @throws IOException if an image is not there or cannot be started, or a device loses its limit
   */
  public static void main(String... arguments) throws IOException {
    Path made = Path.of(arguments[0]);
    Path memory = Path.of(arguments[1]);
    DeviceProfile profile = DeviceProfile.named(arguments[2]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[3]));
    double exponent = Double.parseDouble(arguments[4]);
    int count = Integer.parseInt(arguments[5]);
    List<String> names = Arrays.asList(arguments).subList(6, arguments.length);
    OciLayout layout = OciLayout.open(made.resolve("oci"));
    try (Shutdown.Closed<Device> fast =
            Shutdown.open(() -> Device.emulated(memory, "fast", DeviceProfile.NONE));
        Shutdown.Closed<Device> slow =
            Shutdown.open(() -> Device.emulated(memory, "slow", profile));
        Shutdown.Closed<RealHost> host =
            Shutdown.open(() -> new RealHost(new ColdStart.Devices(slow.get(), fast.get())))) {
      for (String name : names) {
        System.out.println("deploying and tracing " + name);
        host.get().deploy(Workload.of(name, made.resolve("coldstart.json")), layout);
      }
      measured(host.get(), Starts.zipf(random, names.size(), exponent, count, 1)).run();
    }
  }

  private static BudgetTrial measured(RealHost host, Starts starts) throws IOException {
    double[] slow = new double[host.count()];
    double[] saved = new double[host.count()];
    System.out.println("\n| image | starts | slow, s | promoted, s |\n| --- | --- | --- | --- |");
    for (int image = 0; image < host.count(); image++) {
      slow[image] = host.coldStart(image, STARTS_MEASURED);
      host.promote(image);
      double fast = host.coldStart(image, STARTS_MEASURED);
      host.demote(image);
      saved[image] = Math.max(0, slow[image] - fast);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.3f | %.3f |%n",
          host.name(image),
          starts.counts(0)[image],
          slow[image],
          fast);
    }
    long bytes = host.bytes();
    host.divide(bytes / SHARE, saved);
    return new BudgetTrial(
        host, new HotImages(host.hotImages(), bytes), slow, starts, bytes / SHARE);
  }

  private void run() throws IOException {
    List<HotImage> expecting = images.expecting(starts.counts(0));
    BestSubset best = BestSubset.of(expecting, budget);
    System.out.printf(
        Locale.ROOT,
        "%n%d images of %.1f MB, a budget of %.1f MB, %d starts; the best choice:",
        host.count(),
        images.bytes() / 1e6,
        budget / 1e6,
        starts.phases().get(0).length);
    best.images().stream().sorted().forEach(image -> System.out.print(" " + host.name(image)));
    // before any other start is counted: it must not know what comes
    double byValue =
        real(
            image -> {
              if (!host.isPromoted(image)) {
                host.balance();
              }
            });
    for (int image : best.images()) {
      host.promote(image);
    }
    double optimum = real(image -> {});
    System.out.println(
        "\n\n| policy | on paper, s saved | of the optimum | real, s saved | of the optimum |\n"
            + "| --- | --- | --- | --- | --- |");
    row("off-line optimum", best.seconds(), best.seconds(), optimum, optimum);
    double onPaper =
        BudgetRun.of(
                images,
                starts,
                budget,
                (tier, all) ->
                    new ByValue(FastTierBudget.STANDARD, BudgetTables.HALF_LIFE, tier, all))
            .seconds();
    row("by value", onPaper, best.seconds(), byValue, optimum);
    compare("LRU", (tier, all) -> new ByRecency(tier), best.seconds(), optimum);
    compare("LFU", (tier, all) -> new ByFrequency(tier, host.count()), best.seconds(), optimum);
  }

  private void compare(String name, TierPolicy.Kind kind, double best, double optimum)
      throws IOException {
    SimulatedFastTier tier = new SimulatedFastTier(images.images(), budget);
    TierPolicy policy = kind.on(tier, images);
    double real =
        real(
            image -> {
              Set<Integer> before = new HashSet<>(tier.held());
              policy.started(image);
              for (int gone : before) {
                if (!tier.holds(gone)) {
                  host.demote(gone);
                }
              }
              for (int come : tier.held()) {
                if (!before.contains(come)) {
                  host.promote(come);
                }
              }
            });
    row(name, BudgetRun.of(images, starts, budget, kind).seconds(), best, real, optimum);
  }

  /** What is done after a start. */
  @FunctionalInterface
  private interface AfterStart {
    void started(int image) throws IOException;
  }

  /** Seconds that all starts together took less than they take with nothing on the fast tier. */
  private double real(AfterStart policy) throws IOException {
    double saved = 0;
    int done = 0;
    for (int image : starts.phases().get(0)) {
      saved += slow[image] - host.coldStart(image);
      policy.started(image);
      if (++done % PROGRESS == 0) {
        System.err.printf(Locale.ROOT, "%d starts, %.1f s saved%n", done, saved);
      }
    }
    host.demoteAll();
    return saved;
  }

  private static void row(String policy, double paper, double best, double real, double optimum) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f%% | %.1f | %.1f%% |%n",
        policy,
        paper,
        100 * paper / best,
        real,
        100 * real / optimum);
  }
}
