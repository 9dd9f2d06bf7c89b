package io.github.ndocker.evaluation.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The kernel's limit of a block device, in every control group that containers run in. Closing
 * takes it away: a limit belongs to the device number and would outlive the device.
 */
final class Throttle implements Closeable {
  private final String number;
  private final DeviceProfile profile;
  private final List<Path> groups = new ArrayList<>();

  private Throttle(String number, DeviceProfile profile) {
    this.number = number;
    this.profile = profile;
  }

  /** Limits a device for this process and all that it starts. */
  static Throttle set(String number, DeviceProfile profile) throws IOException {
    Throttle throttle = new Throttle(number, profile);
    if (ControlGroups.isUnified()) {
      throttle.holdIn(ControlGroups.own());
      return throttle;
    }
    // v1: a limit holds in the group it is set in and not in those below; the kernel's own writing
    // back is in the topmost
    throttle.holdIn(ControlGroups.top());
    if (!ControlGroups.own().equals(ControlGroups.top())) {
      throttle.holdIn(ControlGroups.own());
    }
    return throttle;
  }

  void holdIn(Path group) throws IOException {
    limit(group);
    groups.add(group);
  }

  /** Lets everything through for a while. */
  void suspend() throws IOException {
    for (Path group : groups) {
      clear(group);
    }
  }

  /** Limits again. */
  void resume() throws IOException {
    for (Path group : groups) {
      if (Files.exists(group)) {
        limit(group);
      }
    }
  }

  private void limit(Path group) throws IOException {
    if (ControlGroups.isUnified()) {
      write(
          group.resolve("io.max"),
          number
              + " rbps="
              + unified(profile.bytesPerSecond())
              + " wbps="
              + unified(profile.bytesPerSecond())
              + " riops="
              + unified(profile.readsPerSecond())
              + " wiops="
              + unified(profile.writesPerSecond()));
      return;
    }
    for (Map.Entry<String, Long> limit :
        Map.of(
                "read_bps",
                profile.bytesPerSecond(),
                "write_bps",
                profile.bytesPerSecond(),
                "read_iops",
                profile.readsPerSecond(),
                "write_iops",
                profile.writesPerSecond())
            .entrySet()) {
      write(file(group, limit.getKey()), number + " " + limit.getValue());
    }
  }

  @Override
  public void close() throws IOException {
    suspend();
    groups.clear();
  }

  private void clear(Path group) throws IOException {
    if (!Files.exists(group)) {
      return; // it went with its container
    }
    if (ControlGroups.isUnified()) {
      write(group.resolve("io.max"), number + " rbps=max wbps=max riops=max wiops=max");
      return;
    }
    for (String limit : List.of("read_bps", "write_bps", "read_iops", "write_iops")) {
      write(file(group, limit), number + " 0");
    }
  }

  private static Path file(Path group, String limit) {
    return group.resolve("blkio.throttle." + limit + "_device");
  }

  private static String unified(long limit) {
    return limit == 0 ? "max" : Long.toString(limit);
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
