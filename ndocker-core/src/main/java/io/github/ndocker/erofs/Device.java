package io.github.ndocker.erofs;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A file or block device that holds bytes of regular files. Immutable.
 *
 * @param bytes its size
 * @param tag what the device table calls it: 1 to 63 bytes of UTF-8. Tells a person what it is; the
 *     kernel takes the devices in the order they are given to the mount.
 */
public record Device(long bytes, String tag) {
  private static final int MAX_TAG = 63;

  /**
   * Checks size and tag.
   *
   * @throws IllegalArgumentException if the size is negative, or the tag empty or too long
   */
  public Device {
    Objects.requireNonNull(tag, "tag");
    int length = tag.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 0 || length == 0 || length > MAX_TAG) {
      throw new IllegalArgumentException("device '" + tag + "' of " + bytes + " bytes");
    }
  }
}
