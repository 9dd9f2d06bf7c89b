package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.host.DeviceReads;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Collects what a measurement knows. For one thread. */
public final class MeasurementBuilder {
  /** A program's whole output is no sentence. */
  private static final int MAX_REASON = 400;

  private final Measurement.Kind kind;
  private final String arm;
  private final String device;
  private String image = "";
  private String category = "";
  private long imageBytes;
  private int layers;
  private @Nullable String starter;
  private @Nullable String network;
  private int rep;
  private @Nullable Double downloadSeconds;
  private @Nullable Double pullSeconds;
  private @Nullable Double deploySeconds;
  private @Nullable Double storeAfterDownloadSeconds;
  private @Nullable Long fastBytesDeployed;
  private @Nullable Long fastLayerBytes;
  private @Nullable Long fastBytesSteady;
  private @Nullable Double coldStartSeconds;
  private @Nullable Double warmStartSeconds;
  private @Nullable Double pullToReadySeconds;
  private int concurrency = 1;
  private @Nullable String writableLayer;
  private @Nullable DeviceReads slow;
  private @Nullable DeviceReads fast;

  /** Begins. */
  public MeasurementBuilder(Measurement.Kind kind, String arm, String device) {
    this.kind = kind;
    this.arm = arm;
    this.device = device;
  }

  /** Of which image. */
  public MeasurementBuilder image(String name, String ofCategory, long bytes, int ofLayers) {
    image = name;
    category = ofCategory;
    imageBytes = bytes;
    layers = ofLayers;
    return this;
  }

  /** Which repetition, from 0. */
  public MeasurementBuilder rep(int number) {
    rep = number;
    return this;
  }

  /** Over which network. */
  public MeasurementBuilder network(String name) {
    network = name;
    return this;
  }

  /** The times of a deployment, in seconds from the first request. */
  public MeasurementBuilder deployment(double lastByte, double ready, double durable) {
    downloadSeconds = lastByte;
    pullSeconds = ready;
    deploySeconds = durable;
    storeAfterDownloadSeconds = durable - lastByte;
    return this;
  }

  /** When the first container was ready, in seconds from the first request. */
  public MeasurementBuilder firstContainer(double seconds) {
    pullToReadySeconds = seconds;
    return this;
  }

  /** Bytes on the fast device after the deployment, and those of them that are of layers. */
  public MeasurementBuilder fastBytesDeployed(long bytes, long ofLayers) {
    fastBytesDeployed = bytes;
    fastLayerBytes = ofLayers;
    return this;
  }

  /** Bytes on the fast device when containers are started. */
  public MeasurementBuilder fastBytesSteady(@Nullable Long bytes) {
    fastBytesSteady = bytes;
    return this;
  }

  /** Who starts containers, and on which device they write. */
  public MeasurementBuilder starts(String by, String writing, int atOnce) {
    starter = by;
    writableLayer = writing;
    concurrency = atOnce;
    return this;
  }

  /** What a cold start took. */
  public MeasurementBuilder coldStart(double seconds, DeviceReads ofSlow, DeviceReads ofFast) {
    coldStartSeconds = seconds;
    slow = ofSlow;
    fast = ofFast;
    return this;
  }

  /** What a warm start took. */
  public MeasurementBuilder warmStart(double seconds) {
    warmStartSeconds = seconds;
    return this;
  }

  /** It counts. */
  public Measurement measured() {
    return build(Measurement.Status.MEASURED, null);
  }

  /** The emulated device did not hold its limit. */
  public Measurement voided(String reason) {
    return build(Measurement.Status.VOID, reason);
  }

  /** It could not be measured. */
  public Measurement failed(IOException failure) {
    String reason = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    return build(
        Measurement.Status.FAILED,
        reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "..." : reason);
  }

  @Override
  public String toString() {
    return kind
        + (network == null ? "" : ", " + network)
        + (starter == null ? "" : ", " + starter + ", writing " + writableLayer)
        + (concurrency == 1 ? "" : ", " + concurrency + " at once");
  }

  private Measurement build(Measurement.Status status, @Nullable String reason) {
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
        imageBytes,
        layers,
        downloadSeconds,
        pullSeconds,
        deploySeconds,
        storeAfterDownloadSeconds,
        fastBytesDeployed,
        fastLayerBytes,
        fastBytesSteady,
        coldStartSeconds,
        warmStartSeconds,
        pullToReadySeconds,
        concurrency,
        writableLayer,
        slow == null ? null : slow.count(),
        slow == null ? null : slow.bytes(),
        fast == null ? null : fast.count(),
        fast == null ? null : fast.bytes());
  }
}
