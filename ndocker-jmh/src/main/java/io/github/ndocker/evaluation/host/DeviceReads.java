package io.github.ndocker.evaluation.host;

/**
 * Reads that a device has completed.
 *
 * @param count how many
 * @param bytes of all of them
 */
public record DeviceReads(long count, long bytes) {
  /** What came after an earlier count. */
  public DeviceReads minus(DeviceReads earlier) {
    return new DeviceReads(count - earlier.count, bytes - earlier.bytes);
  }
}
