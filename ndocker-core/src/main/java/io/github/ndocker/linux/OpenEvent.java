package io.github.ndocker.linux;

import java.nio.file.Path;

/**
 * A file that was opened, or executed. Immutable.
 *
 * @param path as the kernel names it for this process: from the root of the mount namespace the
 *     file was opened in; ends with {@link #DELETED} if the file had no name any more when it was
 *     asked for
 * @param pid the process, in this process's PID namespace; 0 if it is not in it
 * @param exec whether it was executed, as a program or as the interpreter of one
 * @param size of the file when it was asked for, in bytes; -1 if it has none
 */
public record OpenEvent(Path path, int pid, boolean exec, long size) {
  /** What the kernel puts behind the last name of a file that has none any more. */
  public static final String DELETED = " (deleted)";
}
