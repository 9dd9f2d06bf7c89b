package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.Comparator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What measurements that are compared with each other have in common, besides the device.
 *
 * @param network of deployments; no start depends on it
 * @param starter of starts; which one made the first start of a deployment is a property of the arm
 * @param writableLayer of starts
 * @param concurrency of starts
 */
record Series(Kind kind, String network, String starter, String writableLayer, int concurrency)
    implements Predicate<Measurement> {
  /** The cold starts that the headline and the figures are about. */
  static final Series COLD_START = new Series(Kind.COLD_START, "", "crun", "fast", 1);

  static final Comparator<Series> ORDER =
      Comparator.comparing(Series::kind)
          .thenComparing(Series::network, Names.NETWORKS.order())
          .thenComparing(Series::starter, Names.STARTERS.order())
          .thenComparing(Series::writableLayer)
          .thenComparing(Series::concurrency);

  static Series deployment(String network) {
    return new Series(Kind.DEPLOYMENT, network, "", "", 1);
  }

  static Series of(Measurement measurement) {
    return measurement.kind() == Kind.DEPLOYMENT
        ? deployment(known(measurement.network()))
        : new Series(
            measurement.kind(),
            "",
            known(measurement.starter()),
            known(measurement.writableLayer()),
            measurement.concurrency());
  }

  private static String known(@Nullable String name) {
    return name == null ? "unknown" : name;
  }

  @Override
  public boolean test(Measurement measurement) {
    return of(measurement).equals(this);
  }

  /** The same for another number of containers. */
  Series withConcurrency(int containers) {
    return new Series(kind, network, starter, writableLayer, containers);
  }

  String title() {
    return switch (kind) {
      case DEPLOYMENT -> "deployment, network " + network;
      case COLD_START -> "cold start, " + setting() + (concurrency == 1 ? "" : atOnce());
      case CONCURRENT_START -> "containers of one image at once, " + setting() + atOnce();
      case MIXED_START -> "different images at once, " + setting();
      case BUSY_START -> "cold start while the slow device is busy, " + setting();
      case IMAGE_SET -> "several images in one engine";
    };
  }

  /** How the containers were started. */
  String setting() {
    return "started by " + starter + ", writable layer " + writableLayer;
  }

  private String atOnce() {
    return ", " + concurrency + " at once";
  }
}
