package io.github.ndocker.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The device under the slow tier, and the speed it is limited to.
 *
 * @param profile {@code hdd}, {@code cloud} or {@code none}
 * @param block its name under {@code /sys/block}; empty if the disk is as it is
 */
record SlowDevice(String profile, Optional<String> block) {
  /**
   * What the kernel's throttle lets through: bytes a second, and reads a second; 0 for no limit.
   */
  record Limit(long bytesPerSecond, long readsPerSecond) {}

  /** Reads that the device has completed. */
  record Reads(long count, long bytes) {
    Reads minus(Reads earlier) {
      return new Reads(count - earlier.count, bytes - earlier.bytes);
    }
  }

  private static final int SECTOR = 512;

  /** The throttle is a bucket: about 100 ms of tokens pass at full speed. */
  private static final double BUCKET_SECONDS = 0.1;

  Limit limit() {
    return switch (profile.toLowerCase(Locale.ROOT)) {
      case "hdd" -> new Limit(120_000_000, 150);
      case "cloud" -> new Limit(125_000_000, 1000);
      default -> new Limit(0, 0);
    };
  }

  boolean isLimited() {
    return limit().readsPerSecond() > 0;
  }

  /** What has been read since the device exists; nothing is known of a disk that is as it is. */
  Reads reads() throws IOException {
    if (block.isEmpty()) {
      return new Reads(0, 0);
    }
    List<String> fields =
        List.of(
            Files.readString(Path.of("/sys/block", block.get(), "stat")).strip().split("\\s+", -1));
    return new Reads(Long.parseLong(fields.get(0)), Long.parseLong(fields.get(2)) * SECTOR);
  }

  /**
   * Whether so much can have been read in that time at the limit; if not, the limit did not hold.
   */
  boolean allows(Reads reads, double seconds) {
    double time = seconds + BUCKET_SECONDS;
    return !isLimited()
        || (reads.count() <= limit().readsPerSecond() * time
            && reads.bytes() <= limit().bytesPerSecond() * time);
  }
}
