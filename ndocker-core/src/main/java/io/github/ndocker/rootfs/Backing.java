package io.github.ndocker.rootfs;

/**
 * How the kernel reaches the files behind an EROFS superblock. All of one mount are reached the
 * same way.
 */
public enum Backing {
  /** As regular files, through their own page cache. Needs Linux 6.12. */
  FILES,
  /** As read-only loop devices that the kernel releases after the last unmount. Slower. */
  LOOP_DEVICES
}
