package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import io.github.ndocker.evaluation.report.Measurement.Status;
import org.jspecify.annotations.Nullable;

/** Measurements with chosen numbers. */
final class Recorded {
  private final Kind kind;
  private final String image;
  private final String arm;
  private Status status = Status.MEASURED;
  private @Nullable String reason;
  private String category = "language";
  private String starter = "crun";
  private String device = "hdd";
  private @Nullable String network;
  private @Nullable Double pull;
  private @Nullable Double deploy;
  private @Nullable Double storing;
  private @Nullable Long deployedBytes;
  private @Nullable Double download;
  private @Nullable Long layerBytes;
  private @Nullable Long steadyBytes;
  private @Nullable Double cold;
  private @Nullable Double warm;
  private @Nullable Double pullToReady;
  private int concurrency = 1;
  private String writableLayer = "fast";
  private @Nullable Long slowReads;

  private Recorded(Kind kind, String image, String arm) {
    this.kind = kind;
    this.image = image;
    this.arm = arm;
  }

  static Recorded start(Kind kind, String image, String arm, double seconds) {
    Recorded builder = new Recorded(kind, image, arm);
    builder.cold = seconds;
    return builder;
  }

  static Recorded coldStart(String image, String arm, double seconds) {
    return start(Kind.COLD_START, image, arm, seconds);
  }

  /** Over 1 Gbit/s. */
  static Recorded deployment(String image, String arm, double pullToReady) {
    Recorded builder = new Recorded(Kind.DEPLOYMENT, image, arm);
    builder.pullToReady = pullToReady;
    return builder.network("1gbit");
  }

  static Measurement set(String images, String category, String arm, long fastBytes) {
    return new Recorded(Kind.IMAGE_SET, images, arm)
        .category(category)
        .steadyBytes(fastBytes)
        .build();
  }

  Recorded not(Status why, String because) {
    status = why;
    reason = because;
    return this;
  }

  Recorded category(String name) {
    category = name;
    return this;
  }

  Recorded starter(String name) {
    starter = name;
    return this;
  }

  Recorded device(String name) {
    device = name;
    return this;
  }

  Recorded network(String name) {
    network = name;
    return this;
  }

  Recorded seconds(double pullSeconds, double deploySeconds, double storingSeconds) {
    pull = pullSeconds;
    deploy = deploySeconds;
    storing = storingSeconds;
    return this;
  }

  Recorded download(double seconds) {
    download = seconds;
    return this;
  }

  Recorded layerBytes(long bytes) {
    layerBytes = bytes;
    return this;
  }

  Recorded deployedBytes(long bytes) {
    deployedBytes = bytes;
    return this;
  }

  Recorded steadyBytes(long bytes) {
    steadyBytes = bytes;
    return this;
  }

  Recorded warm(double seconds) {
    warm = seconds;
    return this;
  }

  Recorded concurrency(int containers) {
    concurrency = containers;
    return this;
  }

  Recorded writableLayer(String name) {
    writableLayer = name;
    return this;
  }

  Recorded slowReads(long reads) {
    slowReads = reads;
    return this;
  }

  /** Of an image with 100 MB. */
  Measurement rep(int rep) {
    return new Measurement(
        kind,
        status,
        reason,
        image,
        category,
        arm,
        starter,
        device,
        network,
        rep,
        100_000_000,
        5,
        download,
        pull,
        deploy,
        storing,
        deployedBytes,
        layerBytes,
        steadyBytes,
        cold,
        warm,
        pullToReady,
        concurrency,
        writableLayer,
        slowReads,
        null,
        null,
        null);
  }

  Measurement build() {
    return rep(0);
  }
}
