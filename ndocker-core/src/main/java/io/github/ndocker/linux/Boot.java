package io.github.ndocker.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The boot of this host: what a kernel holds does not outlive it. */
public final class Boot {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boot() {}

  /**
   * What identifies the running kernel's boot.
   *
   * @return its ID; "none" on a system that has none, where nothing can be mounted either
   * @throws IOException if it cannot be read
   */
  public static String id() throws IOException {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (NoSuchFileException e) {
      return "none";
    }
  }
}
