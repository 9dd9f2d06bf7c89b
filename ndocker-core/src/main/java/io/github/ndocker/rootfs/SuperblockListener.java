package io.github.ndocker.rootfs;

import java.io.IOException;

/** Hears of a superblock before anything can read through it. */
@FunctionalInterface
public interface SuperblockListener {
  /**
   * Called when the kernel has made the superblock and before it is mounted: what is recorded here
   * is recorded before any process can open a file of it, and if this process dies first, the
   * superblock dies with it.
   *
   * @param name the superblock's name under {@code /sys/fs/erofs}
   * @throws IOException if it cannot be recorded; the superblock is given up then
   */
  void created(String name) throws IOException;
}
