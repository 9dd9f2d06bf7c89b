package io.github.ndocker.evaluation.host;

import io.github.ndocker.api.NDockerException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the kernel's throttle lets through to a device, in each direction, 0 for no limit; and how
 * far the kernel reads ahead there.
 */
public enum DeviceProfile {
  /** A hard disk; a write-back cache and merging make its writes cheaper than its reads. */
  HDD(120_000_000, 150, 600, DeviceProfile.DISK_READ_AHEAD_KIB),
  /** A modest volume of a cloud. */
  CLOUD(125_000_000, 1000, 1000, DeviceProfile.READ_AHEAD_KIB),
  /** The hard disk with so good an elevator that the number of writes does not matter. */
  HDD_FREE_WRITES(120_000_000, 150, 0, DeviceProfile.DISK_READ_AHEAD_KIB),
  /** No limit. */
  NONE(0, 0, 0, DeviceProfile.READ_AHEAD_KIB);

  /** The kernel's default. */
  private static final int READ_AHEAD_KIB = 128;

  /**
   * What Linux 6.18 gives a disk that turns and names no best size of a request: twice the largest
   * one, which here is 1,280 KiB. Older kernels gave it the default as well.
   */
  private static final int DISK_READ_AHEAD_KIB = 2560;

  /** The throttle is a bucket: about 100 ms of tokens pass at full speed. */
  private static final double BUCKET_SECONDS = 0.1;

  private final long bytesPerSecond;
  private final long readsPerSecond;
  private final long writesPerSecond;
  private final int readAheadKib;

  DeviceProfile(long bytesPerSecond, long readsPerSecond, long writesPerSecond, int readAheadKib) {
    this.bytesPerSecond = bytesPerSecond;
    this.readsPerSecond = readsPerSecond;
    this.writesPerSecond = writesPerSecond;
    this.readAheadKib = readAheadKib;
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

  /** How far the kernel reads ahead in files, in KiB. */
  public int readAheadKib() {
    return readAheadKib;
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
