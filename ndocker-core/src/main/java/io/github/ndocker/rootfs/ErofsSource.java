package io.github.ndocker.rootfs;

import java.nio.file.Path;
import java.util.List;

/**
 * What an EROFS superblock is made of. Immutable.
 *
 * @param metadata the metadata image, on a file system that has a page cache of its own (not tmpfs)
 * @param devices the files its device table names, in the table's order
 * @param readAhead whether the kernel may read ahead within files; false where hot ranges lie among
 *     cold ones, because it would read on from a hot range into a cold one
 */
public record ErofsSource(Path metadata, List<Path> devices, boolean readAhead) {
  /** Copies the list. */
  public ErofsSource {
    devices = List.copyOf(devices);
  }
}
