package io.github.ndocker.layer;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry of a layer's tar. Immutable.
 *
 * @param path where it goes: components joined by single slashes, none of them {@code .} or {@code
 *     ..}, none at the ends; empty for the root directory
 * @param type what it is
 * @param mode permission bits, 07777 at most
 * @param uid owner, an unsigned 32-bit number
 * @param gid group, an unsigned 32-bit number
 * @param mtimeSeconds seconds since 1970, may be negative
 * @param mtimeNanos nanoseconds after that, 0 to 999,999,999
 * @param size bytes of a regular file, else 0
 * @param dataOffset where those bytes begin in the tar, a multiple of 512; 0 if there are none, or
 *     not in one piece
 * @param linkTarget what a symbolic link says, or the path of what a hard link is linked to
 *     (normalised like {@code path}), else empty
 * @param deviceMajor major number of a device, else 0
 * @param deviceMinor minor number of a device, else 0
 * @param xattrs extended attributes by full name
 * @param sparse where the bytes are of a file that does not lie in the tar in one piece
 */
public record LayerEntry(
    ByteString path,
    EntryType type,
    int mode,
    int uid,
    int gid,
    long mtimeSeconds,
    int mtimeNanos,
    long size,
    long dataOffset,
    ByteString linkTarget,
    int deviceMajor,
    int deviceMinor,
    SortedMap<ByteString, ByteString> xattrs,
    Optional<SparseContents> sparse) {
  /** What Linux encodes a device number in: 12 and 20 bits. */
  private static final int MAX_MAJOR = 0xfff;

  private static final int MAX_MINOR = 0xfffff;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public LayerEntry {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(linkTarget, "linkTarget");
    xattrs =
        xattrs.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
    check((mode & ~07777) == 0, "mode", mode);
    check(mtimeNanos >= 0 && mtimeNanos < 1_000_000_000, "nanoseconds", mtimeNanos);
    check(size >= 0 && (size == 0 || type == EntryType.REGULAR), "size", size);
    check(sparse.map(SparseContents::size).orElse(size) == size, "size", size);
    check(
        (size == 0 || sparse.isPresent())
            ? dataOffset == 0
            : dataOffset > 0 && dataOffset % TarHeader.BLOCK == 0,
        "offset of the data",
        dataOffset);
    check(size <= Long.MAX_VALUE - dataOffset, "size", size);
    boolean device = type == EntryType.CHARACTER_DEVICE || type == EntryType.BLOCK_DEVICE;
    check(deviceMajor >= 0 && deviceMajor <= (device ? MAX_MAJOR : 0), "device", deviceMajor);
    check(deviceMinor >= 0 && deviceMinor <= (device ? MAX_MINOR : 0), "device", deviceMinor);
    boolean link = type == EntryType.SYMLINK || type == EntryType.HARD_LINK;
    check(link != linkTarget.isEmpty(), "length of the link target", linkTarget.length());
  }

  /**
   * An entry that lies in the tar in one piece.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  LayerEntry(
      ByteString path,
      EntryType type,
      int mode,
      int uid,
      int gid,
      long mtimeSeconds,
      int mtimeNanos,
      long size,
      long dataOffset,
      ByteString linkTarget,
      int deviceMajor,
      int deviceMinor,
      SortedMap<ByteString, ByteString> xattrs) {
    this(
        path,
        type,
        mode,
        uid,
        gid,
        mtimeSeconds,
        mtimeNanos,
        size,
        dataOffset,
        linkTarget,
        deviceMajor,
        deviceMinor,
        xattrs,
        Optional.empty());
  }

  /** This file, which has no contents yet, with those of a sparse file. */
  LayerEntry sparse(SparseContents contents) {
    return new LayerEntry(
        path,
        type,
        mode,
        uid,
        gid,
        mtimeSeconds,
        mtimeNanos,
        contents.size(),
        0,
        linkTarget,
        deviceMajor,
        deviceMinor,
        xattrs,
        contents.size() == 0 ? Optional.empty() : Optional.of(contents));
  }

  /** After the last byte of the tar that belongs to the contents. */
  long tarEnd() {
    return sparse.map(SparseContents::tarEnd).orElse(dataOffset + size);
  }

  /**
   * This file after a hard link that was made to it: an archiver gives a link the metadata of the
   * file, and container engines set them once more. Attributes come on top of those that are there.
   */
  LayerEntry described(LayerEntry link) {
    if (mode == link.mode
        && uid == link.uid
        && gid == link.gid
        && mtimeSeconds == link.mtimeSeconds
        && mtimeNanos == link.mtimeNanos
        && xattrs.entrySet().containsAll(link.xattrs.entrySet())) {
      return this;
    }
    SortedMap<ByteString, ByteString> all = new TreeMap<>(xattrs);
    all.putAll(link.xattrs);
    return new LayerEntry(
        path,
        type,
        link.mode,
        link.uid,
        link.gid,
        link.mtimeSeconds,
        link.mtimeNanos,
        size,
        dataOffset,
        linkTarget,
        deviceMajor,
        deviceMinor,
        all,
        sparse);
  }

  /** Bytes of names and attributes, the part of an entry whose size a layer chooses. */
  long keptBytes() {
    long bytes = path.length() + (long) linkTarget.length();
    for (var xattr : xattrs.entrySet()) {
      bytes += xattr.getKey().length() + (long) xattr.getValue().length();
    }
    return bytes;
  }

  private static void check(boolean right, String what, long found) {
    if (!right) {
      throw new IllegalArgumentException(what + " " + found + " is not possible");
    }
  }
}
