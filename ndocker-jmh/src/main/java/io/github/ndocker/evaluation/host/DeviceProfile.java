package io.github.ndocker.evaluation.host;

import io.github.ndocker.api.NDockerException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the kernel's throttle lets through to a device, in each direction; 0 for no limit. */
public enum DeviceProfile {
  /** A hard disk; a write-back cache and merging make its writes cheaper than its reads. */
  HDD(120_000_000, 150, 600),
  /** A modest volume of a cloud. */
  CLOUD(125_000_000, 1000, 1000),
  /** The hard disk with so good an elevator that the number of writes does not matter. */
  HDD_FREE_WRITES(120_000_000, 150, 0),
  /** No limit. */
  NONE(0, 0, 0);

  /** The throttle is a bucket: about 100 ms of tokens pass at full speed. */
  private static final double BUCKET_SECONDS = 0.1;

  private final long bytesPerSecond;
  private final long readsPerSecond;
  private final long writesPerSecond;

  DeviceProfile(long bytesPerSecond, long readsPerSecond, long writesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    this.readsPerSecond = readsPerSecond;
    this.writesPerSecond = writesPerSecond;
  }

  /** The profile of that name. */
  public static DeviceProfile named(String name) throws NDockerException {
    return Arrays.stream(values())
        .filter(profile -> profile.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NDockerException(
                    "no device profile '"
                        + name
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(DeviceProfile::toString)
                            .collect(Collectors.joining(", "))));
  }

  /** Sequential bytes, in each direction. */
  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** Read operations. */
  public long readsPerSecond() {
    return readsPerSecond;
  }

  /** Write operations. */
  public long writesPerSecond() {
    return writesPerSecond;
  }

  /** Whether reads are limited. */
  public boolean isLimited() {
    return readsPerSecond > 0;
  }

  /**
   * Whether so much can have been read in that time at the limit; if not, the limit did not hold.
   */
  public boolean allows(DeviceReads reads, double seconds) {
    double time = seconds + BUCKET_SECONDS;
    return !isLimited()
        || (reads.count() <= readsPerSecond * time && reads.bytes() <= bytesPerSecond * time);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
