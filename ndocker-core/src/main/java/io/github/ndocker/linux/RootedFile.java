package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.nio.file.Path;
import java.util.Optional;

/** Finds a file of an image as a process in it would: nothing leads out ({@code openat2(2)}). */
public final class RootedFile {
  private static final long SYS_OPENAT2 = 437;
  private static final int OPEN_HOW_BYTES = 24;
  private static final long RESOLVE_NO_MAGICLINKS = 2;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final int ENOTDIR = 20;
  private static final int ELOOP = 40;

  private RootedFile() {}

  /**
   * Looks a path up. Symbolic links are followed inside the root, also absolute ones and those with
   * {@code ..}. What is found is not opened, so a pipe or device does nothing.
   *
   * @param root a directory
   * @param path path in it
   * @return whose {@link Descriptor#path} leads to what was found, to be closed by the caller;
   *     empty if there is nothing, or links go in a circle
   * @throws SystemCallException if the kernel refuses; older ones than Linux 5.6 do
   */
  public static Optional<Descriptor> find(Path root, String path) throws SystemCallException {
    try (Descriptor directory = Descriptor.openReadOnly(root);
        Memory how = new Memory(OPEN_HOW_BYTES)) {
      how.setLong(0, LibC.O_PATH | LibC.O_CLOEXEC);
      how.setLong(8, 0);
      how.setLong(16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
      long fd = LibC.syscall(SYS_OPENAT2, directory.number(), path, how, OPEN_HOW_BYTES);
      int errno = fd == -1 ? com.sun.jna.Native.getLastError() : 0;
      if (errno == SystemCallException.ENOENT || errno == ENOTDIR || errno == ELOOP) {
        return Optional.empty();
      }
      if (fd == -1) {
        throw new SystemCallException("openat2 " + path + " in " + root, errno);
      }
      return Optional.of(new Descriptor(Math.toIntExact(fd)));
    }
  }
}
