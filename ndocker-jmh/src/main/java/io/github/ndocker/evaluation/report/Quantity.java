package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a measurement says about an image in an arm, as a number. */
enum Quantity {
  DEPLOYMENT(Kind.DEPLOYMENT, Unit.SECONDS),
  PULL(Kind.DEPLOYMENT, Unit.SECONDS),
  STORING(Kind.DEPLOYMENT, Unit.SECONDS),
  PULL_TO_READY(Kind.DEPLOYMENT, Unit.SECONDS),
  FAST_BYTES_DEPLOYED(Kind.DEPLOYMENT, Unit.BYTES),
  FAST_LAYER_BYTES(Kind.DEPLOYMENT, Unit.BYTES),
  DOWNLOAD(Kind.DEPLOYMENT, Unit.SECONDS),
  COLD_START(Kind.COLD_START, Unit.SECONDS),
  WARM_START(Kind.COLD_START, Unit.SECONDS),
  SLOW_READS(Kind.COLD_START, Unit.READS),
  FAST_BYTES_STEADY(Kind.COLD_START, Unit.BYTES);

  private final Kind kind;
  private final Unit unit;

  Quantity(Kind kind, Unit unit) {
    this.kind = kind;
    this.unit = unit;
  }

  /** The kind of measurement that the paper's figures take it from. */
  Kind kind() {
    return kind;
  }

  Unit unit() {
    return unit;
  }

  /** The number, if the measurement counts and knows it. */
  OptionalDouble of(Measurement measurement) {
    Number number = field(measurement);
    return number == null || measurement.status() != Measurement.Status.MEASURED
        ? OptionalDouble.empty()
        : OptionalDouble.of(number.doubleValue());
  }

  private @Nullable Number field(Measurement measurement) {
    return switch (this) {
      case DEPLOYMENT -> measurement.deploySeconds();
      case PULL -> measurement.pullSeconds();
      case STORING -> measurement.storeAfterDownloadSeconds();
      case PULL_TO_READY -> measurement.pullToReadySeconds();
      case FAST_BYTES_DEPLOYED -> measurement.fastBytesDeployed();
      case FAST_LAYER_BYTES -> measurement.fastLayerBytes();
      case DOWNLOAD -> measurement.downloadSeconds();
      case COLD_START -> measurement.coldStartSeconds();
      case WARM_START -> measurement.warmStartSeconds();
      case SLOW_READS -> measurement.slowReads();
      case FAST_BYTES_STEADY -> measurement.fastBytesSteady();
    };
  }

  /** What a number counts. */
  enum Unit {
    SECONDS,
    BYTES,
    READS
  }
}
