package io.github.ndocker.runtime;

import java.util.List;
import java.util.Locale;

/**
 * The signal that asks a container's first process to end ({@code signal(7)}). Immutable.
 *
 * @param number as Linux counts signals on all architectures but Alpha, MIPS, PA-RISC and SPARC; 1
 *     to 64
 */
public record StopSignal(int number) {
  /** What is sent if neither image nor host says something else. */
  public static final StopSignal TERM = new StopSignal(15);

  private static final int FIRST_REAL_TIME = 34; // glibc and musl keep 32 and 33
  private static final int LAST = 64;

  /** The first is number 1. */
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if Linux has no such signal
   */
  public StopSignal {
    if (number < 1 || number > LAST) {
      throw new IllegalArgumentException("signal " + number + "; Linux has 1 to " + LAST);
    }
  }

  /**
   * Parses what image configurations have: {@code SIGQUIT}, {@code QUIT}, {@code 3}, {@code
   * SIGRTMIN+3} or {@code SIGRTMAX-1}.
   *
   * @param text the name, in capitals or not, or number
   * @return the signal
   * @throws IllegalArgumentException if there is no such signal
   */
  public static StopSignal parse(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    if (name.startsWith("SIG")) {
      name = name.substring(3);
    }
    try {
      int known = NAMES.indexOf(name);
      if (known >= 0) {
        return new StopSignal(known + 1);
      }
      if (name.startsWith("RTMIN")) {
        return realTime(FIRST_REAL_TIME, name.substring(5), '+');
      }
      if (name.startsWith("RTMAX")) {
        return realTime(LAST, name.substring(5), '-');
      }
      return new StopSignal(Integer.parseInt(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no signal; use a name such as SIGTERM, or 1 to " + LAST, e);
    }
  }

  private static StopSignal realTime(int base, String offset, char sign) {
    if (offset.isEmpty()) {
      return new StopSignal(base);
    }
    if (offset.charAt(0) != sign) {
      throw new IllegalArgumentException(offset);
    }
    StopSignal signal = new StopSignal(base + Integer.parseInt(offset));
    if (signal.number < FIRST_REAL_TIME) {
      throw new IllegalArgumentException(offset);
    }
    return signal;
  }

  /** Returns the name, such as {@code SIGTERM}, or the number if it is a real-time signal. */
  @Override
  public String toString() {
    return number <= NAMES.size() ? "SIG" + NAMES.get(number - 1) : Integer.toString(number);
  }
}
