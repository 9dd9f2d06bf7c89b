package io.github.ndocker.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Which process started which: {@code /proc/PID/stat}. */
public final class ParentProcess {
  private ParentProcess() {}

  /**
   * Asks the kernel.
   *
   * @param pid a process
   * @return the process that started it, or took it over; empty if there is none any more
   */
  public static OptionalInt of(int pid) {
    try {
      // the name in it is whatever the process likes
      byte[] stat = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
      String text = new String(stat, StandardCharsets.ISO_8859_1);
      // "PID (NAME) STATE PPID ...", and the name may have parentheses
      String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", 3);
      return fields.length < 3 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(fields[1]));
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
