package io.github.ndocker.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory the kernel can give without swapping. */
public final class AvailableMemory {
  private static final String FIELD = "MemAvailable:";

  private AvailableMemory() {}

  /**
   * Asks the kernel.
   *
   * @return {@code MemAvailable} of {@code /proc/meminfo}, in bytes; 0 if it does not say
   * @throws IOException if the kernel cannot be asked
   */
  public static long bytes() throws IOException {
    return bytes(Files.readAllLines(Path.of("/proc/meminfo")));
  }

  private static long bytes(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(FIELD)) {
        String kibibytes = line.substring(FIELD.length()).replace("kB", "").strip();
        return Long.parseLong(kibibytes) << 10;
      }
    }
    return 0;
  }
}
