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

  /** Limits nothing yet. */
  Throttle(String number, DeviceProfile profile) {
    this.number = number;
    this.profile = profile;
  }

  /** Limits the device for this process and all that it starts. */
  void set() throws IOException {
    if (!ControlGroups.isUnified()) {
      // v1: a limit holds in the group it is set in and not in those below; the kernel itself
      // writes back from the topmost one
      holdIn(ControlGroups.top());
    }
    if (!groups.contains(ControlGroups.own())) {
      holdIn(ControlGroups.own());
    }
  }

  void holdIn(Path group) throws IOException {
    groups.add(group);
    limit(group);
  }

  /** Whether the limit is in force in every group that is left. */
  boolean isHeld() throws IOException {
    for (Path group : groups) {
      if (Files.exists(group) && !isLimited(group)) {
        return false;
      }
    }
    return true;
  }

  /** Lets everything through for a while. */
  void suspend() throws IOException {
    for (Path group : groups) {
      clear(group);
    }
  }

  private boolean isLimited(Path group) throws IOException {
    Path limits = ControlGroups.isUnified() ? group.resolve("io.max") : file(group, "read_iops");
    return Files.readAllLines(limits).stream()
        .anyMatch(
            line ->
                line.startsWith(number + " ")
                    && (line.endsWith(" " + profile.readsPerSecond())
                        || line.contains("riops=" + profile.readsPerSecond() + " ")));
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
