package io.github.ndocker.faults;

/**
 * The moment before a system call.
 *
 * @param call its name
 * @param number which one of its thread, from 1
 */
record KillPoint(String call, int number) {
  /** As strace wants it. */
  String injection() {
    return call + ":signal=KILL:when=" + number;
  }

  @Override
  public String toString() {
    return call + " " + number;
  }
}
