package io.github.ndocker.layer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.SortedMap;

/**
 * A file of any type in a tree that can be compared with another one, whatever the two are kept in:
 * a disk, an image, the memory of a test. Names, targets and attributes are strings of ISO 8859-1,
 * for any bytes.
 */
public interface TreeEntry {
  /**
   * What {@code stat} says.
   *
   * @param mode type and permissions, as {@code st_mode} has them
   * @param uid the owner
   * @param gid the group
   * @param device as {@code st_rdev} has it
   * @param links the number of names; of no meaning for directories
   * @param size bytes of a regular file
   * @param seconds of modification, since 1970
   * @param nanos after that
   */
  record Attributes(
      int mode, long uid, long gid, long device, long links, long size, long seconds, int nanos) {
    private static final int TYPE = 0170000;

    /** Only the bits that are the type. */
    public int type() {
      return mode & TYPE;
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
      return type() == EntryType.DIRECTORY.fileType();
    }

    /** What {@code makedev} makes of two numbers that Linux has. */
    public static long device(long major, long minor) {
      return (minor & 0xff) | major << 8 | (minor & ~0xffL) << 12;
    }
  }

  /** What {@code stat} says. */
  Attributes attributes() throws IOException;

  /** Equal for all names of one file, and for no other. */
  Object identity() throws IOException;

  /** Extended attributes by full name. */
  Map<String, String> xattrs() throws IOException;

  /** What a symbolic link says. */
  String target() throws IOException;

  /** What is in a directory, by name. */
  SortedMap<String, TreeEntry> children() throws IOException;

  /** The bytes of a regular file. */
  InputStream open() throws IOException;
}
