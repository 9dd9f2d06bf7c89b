package io.github.ndocker.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What is mounted where in this process's mount namespace ({@code proc_pid_mountinfo(5)}). */
public final class MountTable {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private MountTable() {}

  /**
   * The directories that show a mount.
   *
   * @return their real paths; none on a system without such a table
   * @throws IOException if the table cannot be read
   */
  public static Set<Path> mountPoints() throws IOException {
    Set<Path> points = new HashSet<>();
    if (Files.exists(TABLE)) {
      // bytes: names need not be text
      for (String line : Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1)) {
        points.add(Path.of(plain(line.split(" ", MOUNT_POINT + 2)[MOUNT_POINT])));
      }
    }
    return points;
  }

  /** Without the octal escapes of spaces, tabs, line feeds and backslashes. */
  static String plain(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      char octet = escaped.charAt(i);
      if (octet == '\\' && i + 3 < escaped.length()) {
        bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(octet);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
