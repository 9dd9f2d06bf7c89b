package io.github.ndocker.evaluation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One measurement: a record of {@code results.json}. Immutable. Sizes in bytes, times in seconds;
 * what a measurement of this kind does not know is absent.
 *
 * @param kind what was measured
 * @param status whether it counts
 * @param reason why it does not count, in a sentence
 * @param image the image's name; of several images their number
 * @param category the paper's category of the image
 * @param arm how the image was stored
 * @param starter {@code crun} from the arm's own mounts, or {@code ctr} as users of containerd do
 * @param device profile of the slow device
 * @param network rate of the network to the registry
 * @param rep repetition, from 0
 * @param imageBytes bytes of the layers, uncompressed; for {@link Kind#IMAGE_SET} each layer once
 * @param layers number of layers
 * @param downloadSeconds T_D: from the first request to the last byte
 * @param pullSeconds from the first request to ready to start, durable or not
 * @param deploySeconds T_total: from the first request to ready to start and durable
 * @param storeAfterDownloadSeconds from the last byte to ready to start and durable
 * @param fastBytesDeployed bytes on the fast device after the deployment, metadata included
 * @param fastLayerBytes of these, the bytes of layers
 * @param fastBytesSteady bytes on the fast device when containers are started, metadata included
 * @param coldStartSeconds from the first mount to readiness, nothing of the image in memory; of
 *     several containers at once, to the readiness of the last
 * @param warmStartSeconds the same right after a cold start
 * @param pullToReadySeconds from the first request to the readiness of the first container
 * @param concurrency containers started at once
 * @param writableLayer {@code fast} or {@code slow}: the device of the containers' writable layers
 * @param slowReads reads of the slow device during the start
 * @param slowReadBytes bytes of these
 * @param fastReads reads of the fast device during the start
 * @param fastReadBytes bytes of these
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"kind", "status", "reason", "image", "category", "arm"})
public record Measurement(
    Kind kind,
    Status status,
    @Nullable String reason,
    String image,
    String category,
    String arm,
    @Nullable String starter,
    String device,
    @Nullable String network,
    int rep,
    long imageBytes,
    int layers,
    @Nullable Double downloadSeconds,
    @Nullable Double pullSeconds,
    @Nullable Double deploySeconds,
    @Nullable Double storeAfterDownloadSeconds,
    @Nullable Long fastBytesDeployed,
    @Nullable Long fastLayerBytes,
    @Nullable Long fastBytesSteady,
    @Nullable Double coldStartSeconds,
    @Nullable Double warmStartSeconds,
    @Nullable Double pullToReadySeconds,
    int concurrency,
    @Nullable String writableLayer,
    @Nullable Long slowReads,
    @Nullable Long slowReadBytes,
    @Nullable Long fastReads,
    @Nullable Long fastReadBytes) {
  /** What is measured. */
  public enum Kind {
    /** A deployment from nothing, and the first start that follows at once. */
    DEPLOYMENT,
    /** A start with nothing of the image in memory, and a warm one after it. */
    COLD_START,
    /** Several containers of one image at once, nothing of the image in memory. */
    CONCURRENT_START,
    /** One container each of different images at once, nothing of them in memory. */
    MIXED_START,
    /** A cold start while another process reads the slow device as fast as it can. */
    BUSY_START,
    /** What several images take of the fast device in one engine, shared bytes once. No start. */
    IMAGE_SET
  }

  /** Whether a measurement counts. */
  public enum Status {
    /** It counts. */
    MEASURED,
    /** The emulated device did not hold its limit: what was measured means nothing. */
    VOID,
    /** It could not be measured. */
    FAILED
  }

  /**
   * Checks that a measurement that does not count says why.
   *
   * @throws IllegalArgumentException if it does not
   */
  public Measurement {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(arm, "arm");
    Objects.requireNonNull(device, "device");
    if ((status == Status.MEASURED) != (reason == null)) {
      throw new IllegalArgumentException(status + " with the reason " + reason);
    }
  }
}
