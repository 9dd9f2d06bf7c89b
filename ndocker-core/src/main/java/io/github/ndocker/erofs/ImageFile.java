package io.github.ndocker.erofs;

import io.github.ndocker.layer.EntryType;

/** A file of any type in an {@link ImageTree}, by what its inode says. Immutable. */
public final class ImageFile {
  /** Where the rest of an inode is, and what that is. */
  record Body(int layout, int union, long xattrsAt, int xattrBytes) {
    /** Where the end of the data lies, or the indexes of chunks do. */
    long end() {
      return xattrsAt + xattrBytes;
    }
  }

  private final long nid;
  private final EntryType type;
  private final int mode;
  private final int uid;
  private final int gid;
  private final long size;
  private final Epoch mtime;
  private final int nlink;
  private final Body body;

  ImageFile(
      long nid,
      EntryType type,
      int mode,
      int uid,
      int gid,
      long size,
      Epoch mtime,
      int nlink,
      Body body) {
    this.nid = nid;
    this.type = type;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.size = size;
    this.mtime = mtime;
    this.nlink = nlink;
    this.body = body;
  }

  Body body() {
    return body;
  }

  /**
   * Which inode it is.
   *
   * @return the same number for all names of one file
   */
  public long nid() {
    return nid;
  }

  /**
   * What it is.
   *
   * @return the type, never a hard link
   */
  public EntryType type() {
    return type;
  }

  /**
   * The mode.
   *
   * @return permission bits, 07777 at most
   */
  public int mode() {
    return mode;
  }

  /**
   * The owner.
   *
   * @return an unsigned 32-bit number
   */
  public int uid() {
    return uid;
  }

  /**
   * The group.
   *
   * @return an unsigned 32-bit number
   */
  public int gid() {
    return gid;
  }

  /**
   * Its size.
   *
   * @return bytes of a regular file, of the target of a symbolic link, or of a directory's entries
   */
  public long size() {
    return size;
  }

  /**
   * When it was modified.
   *
   * @return seconds since 1970
   */
  public long mtimeSeconds() {
    return mtime.seconds();
  }

  /**
   * When it was modified, after the second.
   *
   * @return nanoseconds
   */
  public int mtimeNanos() {
    return mtime.nanos();
  }

  /**
   * The number of its names; for a directory 2 and the number of directories in it.
   *
   * @return at least 1
   */
  public int nlink() {
    return nlink;
  }

  /**
   * The major number of a device.
   *
   * @return the number; 0 for anything else
   */
  public int deviceMajor() {
    return isDevice() ? (body.union() >>> 8) & 0xfff : 0;
  }

  /**
   * The minor number of a device.
   *
   * @return the number; 0 for anything else
   */
  public int deviceMinor() {
    return isDevice() ? (body.union() & 0xff) | ((body.union() >>> 12) & ~0xff) : 0;
  }

  private boolean isDevice() {
    return type == EntryType.CHARACTER_DEVICE || type == EntryType.BLOCK_DEVICE;
  }
}
