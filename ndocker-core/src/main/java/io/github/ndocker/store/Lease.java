package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a live EROFS superblock reads from. Immutable.
 *
 * @param superblock the name of its directory under {@code /sys/fs/erofs}
 * @param bootId the boot of the kernel it lives in ({@code /proc/sys/kernel/random/boot_id})
 * @param inode the inode number of that directory, by which a later superblock of the same name is
 *     another one; 0 if it is not known
 * @param loopFile if the superblock lies on a loop device, the file behind that, as {@code
 *     /sys/block/NAME/loop/backing_file} shows it: another superblock on the same device is another
 *     one
 * @param blobs the blobs its devices are
 * @param ranges where the bytes of these blobs lay when it was made, for people and for checks
 */
public record Lease(
    String superblock,
    String bootId,
    long inode,
    Optional<String> loopFile,
    Set<Digest> blobs,
    List<Range> ranges) {
  // a single path component, so that no name leads out of /sys/fs/erofs
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_,:@+=!-][A-Za-z0-9._,:@+=!-]*");
  private static final int LONGEST_NAME = 255;

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if the superblock cannot be a directory's name or the boot ID
   *     is blank
   */
  public Lease {
    blobs = Set.copyOf(blobs);
    ranges = List.copyOf(ranges);
    requireName(superblock);
    if (bootId.isBlank()) {
      throw new IllegalArgumentException("a lease names the boot it belongs to");
    }
  }

  /** Before it becomes part of a path. */
  static void requireName(String superblock) {
    if (superblock.length() > LONGEST_NAME || !NAME.matcher(superblock).matches()) {
      throw new IllegalArgumentException("not the name of an EROFS superblock");
    }
  }

  /**
   * Bytes of a file that the kernel reads.
   *
   * @param file absolute path
   * @param offset first byte
   * @param length bytes
   */
  public record Range(Path file, long offset, long length) {}
}
