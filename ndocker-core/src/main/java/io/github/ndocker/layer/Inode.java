package io.github.ndocker.layer;

import java.util.Optional;
import java.util.SortedMap;

/**
 * What the names of one file share. Immutable once its {@link MergedTree} is made.
 *
 * <p>Keeps the entry it came from, so that a tree of a million files costs little more than their
 * indexes.
 */
public final class Inode {
  private LayerEntry entry;
  private final int layer;
  private int nlink;
  private int number = -1;

  Inode(LayerEntry entry, int layer) {
    this.entry = entry;
    this.layer = layer;
  }

  /** Sets the metadata that a hard link to it has. */
  void describe(LayerEntry link) {
    entry = entry.described(link);
  }

  void count(int links, int numberInTree) {
    nlink = links;
    number = numberInTree;
  }

  void addLink() {
    nlink++;
  }

  /** Whether the walk that counts has been here. */
  boolean isNumbered() {
    return number >= 0;
  }

  /**
   * What it is.
   *
   * @return the type, never a hard link
   */
  public EntryType type() {
    return entry.type();
  }

  /**
   * The mode.
   *
   * @return permission bits, 07777 at most; 0777 for a symbolic link, as Linux has it
   */
  public int mode() {
    return entry.type() == EntryType.SYMLINK ? 0777 : entry.mode();
  }

  /**
   * The owner.
   *
   * @return an unsigned 32-bit number
   */
  public int uid() {
    return entry.uid();
  }

  /**
   * The group.
   *
   * @return an unsigned 32-bit number
   */
  public int gid() {
    return entry.gid();
  }

  /**
   * When it was modified.
   *
   * @return seconds since 1970
   */
  public long mtimeSeconds() {
    return entry.mtimeSeconds();
  }

  /**
   * When it was modified, after the second.
   *
   * @return nanoseconds
   */
  public int mtimeNanos() {
    return entry.mtimeNanos();
  }

  /**
   * Bytes of a regular file.
   *
   * @return its size; 0 for anything else
   */
  public long size() {
    return entry.size();
  }

  /**
   * The layer it came from.
   *
   * @return its position, 0 for the bottom one
   */
  public int layer() {
    return layer;
  }

  /**
   * Where a regular file's bytes begin.
   *
   * @return the offset in the tar of {@link #layer}; 0 if the file is empty or {@link #sparse}
   */
  public long dataOffset() {
    return entry.dataOffset();
  }

  /**
   * Where a sparse file's bytes are.
   *
   * @return its parts; empty for a file that lies in the tar in one piece
   */
  public Optional<SparseContents> sparse() {
    return entry.sparse();
  }

  /**
   * What a symbolic link says.
   *
   * @return its target; empty for anything else
   */
  public ByteString symlinkTarget() {
    return entry.linkTarget();
  }

  /**
   * The major number of a device.
   *
   * @return the number; 0 for anything else
   */
  public int deviceMajor() {
    return entry.deviceMajor();
  }

  /**
   * The minor number of a device.
   *
   * @return the number; 0 for anything else
   */
  public int deviceMinor() {
    return entry.deviceMinor();
  }

  /**
   * The extended attributes.
   *
   * @return values by full name
   */
  public SortedMap<ByteString, ByteString> xattrs() {
    return entry.xattrs();
  }

  /**
   * The number of names; for a directory 2 and the number of directories in it.
   *
   * @return at least 1
   */
  public int nlink() {
    return nlink;
  }

  /**
   * Numbers all inodes of one tree in path order.
   *
   * @return 0 for the root directory, and so on without a gap
   */
  public int number() {
    return number;
  }
}
