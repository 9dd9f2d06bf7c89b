package io.github.ndocker.runtime;

import java.util.Set;

/**
 * A limit of the processes of a container ({@code setrlimit(2)}). Immutable.
 *
 * @param type such as {@code RLIMIT_NOFILE}
 * @param soft what counts; {@link #UNLIMITED} for no limit. Unit: that of the type, mostly bytes or
 *     a number of things
 * @param hard what a process may raise the soft limit to; raising it above that of this process
 *     asks for CAP_SYS_RESOURCE
 */
public record ResourceLimit(String type, long soft, long hard) {
  /** No limit ({@code RLIM_INFINITY}). */
  public static final long UNLIMITED = -1;

  private static final Set<String> TYPES =
      Set.of(
          "RLIMIT_AS",
          "RLIMIT_CORE",
          "RLIMIT_CPU",
          "RLIMIT_DATA",
          "RLIMIT_FSIZE",
          "RLIMIT_LOCKS",
          "RLIMIT_MEMLOCK",
          "RLIMIT_MSGQUEUE",
          "RLIMIT_NICE",
          "RLIMIT_NOFILE",
          "RLIMIT_NPROC",
          "RLIMIT_RSS",
          "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME",
          "RLIMIT_SIGPENDING",
          "RLIMIT_STACK");

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if Linux has no such limit, or the soft one is above the hard
   *     one
   */
  public ResourceLimit {
    if (!TYPES.contains(type) || soft < UNLIMITED || hard < UNLIMITED) {
      throw new IllegalArgumentException("limit " + type + " " + soft + ":" + hard);
    }
    // unsigned, "no limit" is the largest
    if (Long.compareUnsigned(soft, hard) > 0) {
      throw new IllegalArgumentException(type + ": soft limit " + soft + " above hard " + hard);
    }
  }
}
