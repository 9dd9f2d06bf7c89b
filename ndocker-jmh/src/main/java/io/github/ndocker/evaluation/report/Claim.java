package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Quantity.Unit;
import java.util.List;
import java.util.Optional;

/**
 * A number of the paper's abstract, and where the same is found here.
 *
 * @param says what the paper compares
 * @param paper its number
 * @param shape how the number is meant
 * @param peer the arm of containerd that stands for the paper's Docker
 * @param own the arm of our own blobs that differs from N-Docker in nothing but placement
 */
record Claim(String says, String paper, Shape shape, Quantity quantity, String peer, String own) {
  static final List<Claim> ALL =
      List.of(
          onDisk("deployment, until durable", "1.21×", Shape.FASTER, Quantity.DEPLOYMENT),
          onDisk("deployment, as users see it", "1.21×", Shape.FASTER, Quantity.PULL),
          onDisk("storing after the last byte", "−90.3%", Shape.CHANGE, Quantity.STORING),
          onFast("NVM bytes at deployment", "−28.53%", Quantity.FAST_BYTES_DEPLOYED),
          onDisk("cold start", "2.96×", Shape.FASTER, Quantity.COLD_START),
          onFast("cold start", "+2%", Quantity.COLD_START),
          onFast("NVM bytes after HBCSA", "−88.22%", Quantity.FAST_BYTES_STEADY));

  private static Claim onDisk(String what, String paper, Shape shape, Quantity quantity) {
    String compared =
        shape == Shape.FASTER ? ", Docker on disk ÷ N-Docker" : ", N-Docker against Docker on disk";
    return new Claim(what + compared, paper, shape, quantity, "containerd-slow", "all-slow");
  }

  private static Claim onFast(String what, String paper, Quantity quantity) {
    return new Claim(
        what + ", N-Docker against NVM-Docker",
        paper,
        Shape.CHANGE,
        quantity,
        "containerd-fast",
        "all-fast");
  }

  /** The paper's number with our measurements against an arm; empty if they lack it. */
  Optional<String> here(Metric metric, String reference) {
    if (quantity.unit() == Unit.BYTES) {
      return SumRatio.of(metric, HeadSection.OURS, reference)
          .map(ratio -> Numbers.change(ratio.ratio()) + fewer(metric, ratio.images()));
    }
    Ratios ratios =
        shape == Shape.FASTER
            ? Ratios.ofTimes(metric, reference, HeadSection.OURS)
            : Ratios.ofTimes(metric, HeadSection.OURS, reference);
    if (ratios.isEmpty()) {
      return Optional.empty();
    }
    double mean = ratios.geometricMean();
    return Optional.of(
        (shape == Shape.FASTER ? Numbers.times(mean) : Numbers.change(mean))
            + fewer(metric, ratios.count()));
  }

  private static String fewer(Metric metric, int images) {
    int all = metric.device().images().size();
    return images == all ? "" : " (" + Wording.someOf(images, all) + ")";
  }

  /** How a comparison is put. */
  enum Shape {
    /** How many times as long the reference takes. */
    FASTER,
    /** By how much N-Docker is above or below the reference. */
    CHANGE
  }
}
