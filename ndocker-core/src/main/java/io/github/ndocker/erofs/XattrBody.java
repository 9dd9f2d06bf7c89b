package io.github.ndocker.erofs;

import io.github.ndocker.layer.Inode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The extended attributes of one inode as they lie behind it: a header of 12 bytes, the numbers of
 * those that it shares, then entries aligned to 4.
 */
final class XattrBody {
  static final XattrBody NONE = new XattrBody(List.of(), List.of(), 0, 0);

  private static final int HEADER = 12;
  private static final int SHARED_COUNT = 4;
  private static final int ID_BYTES = 4;
  private static final int MOST_SHARED = 255;

  /** The count in the inode has 16 bits and counts 4 bytes each. */
  private static final int MAX_SIZE = HEADER + (0xffff - 1) * 4;

  private final List<Integer> shared;
  private final List<XattrEntry> own;
  private final int size;
  private final int dropped;

  private XattrBody(List<Integer> shared, List<XattrEntry> own, int size, int dropped) {
    this.shared = shared;
    this.own = own;
    this.size = size;
    this.dropped = dropped;
  }

  static XattrBody of(Inode inode, SharedXattrs all) throws ErofsLimitException {
    if (inode.xattrs().isEmpty()) {
      return NONE;
    }
    List<XattrEntry> entries = XattrEntry.of(inode);
    List<Integer> shared = new ArrayList<>();
    List<XattrEntry> own = new ArrayList<>();
    long size = HEADER;
    for (XattrEntry entry : entries) {
      OptionalInt id = shared.size() < MOST_SHARED ? all.idOf(entry) : OptionalInt.empty();
      if (id.isPresent()) {
        shared.add(id.getAsInt());
        size += ID_BYTES;
      } else {
        own.add(entry);
        size += entry.size();
      }
    }
    if (size > MAX_SIZE) {
      throw new ErofsLimitException(
          "extended attributes of " + size + " bytes on one file; at most " + MAX_SIZE + " fit");
    }
    return new XattrBody(
        shared, own, entries.isEmpty() ? 0 : (int) size, inode.xattrs().size() - entries.size());
  }

  /** Bytes behind the inode, a multiple of 4. */
  int size() {
    return size;
  }

  /** What the inode says: the number of 4-byte units behind the header, and one. */
  int count() {
    return size == 0 ? 0 : (size - HEADER) / 4 + 1;
  }

  /** Attributes that are left out. */
  int dropped() {
    return dropped;
  }

  byte[] encode() {
    ByteBuffer body = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    if (size > 0) {
      body.put(SHARED_COUNT, (byte) shared.size());
      body.position(HEADER);
      shared.forEach(body::putInt);
      own.forEach(entry -> entry.putInto(body));
    }
    return body.array();
  }
}
