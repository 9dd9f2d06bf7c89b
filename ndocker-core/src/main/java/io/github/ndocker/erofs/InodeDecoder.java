package io.github.ndocker.erofs;

import io.github.ndocker.layer.EntryType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads inodes of 32 and of 64 bytes. */
final class InodeDecoder {
  private static final int SLOT_BITS = 5;
  private static final int COMPACT = 32;
  private static final int EXTENDED = 64;
  private static final int XATTR_HEADER = 12;
  private static final int FILE_TYPE = 0170000;

  private final ImageBytes image;
  private final SuperblockReader.Found superblock;

  InodeDecoder(ImageBytes image, SuperblockReader.Found superblock) {
    this.image = image;
    this.superblock = superblock;
  }

  ImageFile read(long nid) throws IOException {
    if (nid < 0 || nid >> (Long.SIZE - 1 - SLOT_BITS) != 0) {
      throw image.malformed("an inode with the number " + nid);
    }
    long position = superblock.inodesAt() + (nid << SLOT_BITS);
    ByteBuffer compact = image.at(position, COMPACT);
    int format = Short.toUnsignedInt(compact.getShort(0));
    boolean extended = (format & 1) != 0;
    int bytes = extended ? EXTENDED : COMPACT;
    int xattrs = Short.toUnsignedInt(compact.getShort(2));
    int mode = Short.toUnsignedInt(compact.getShort(4));
    ImageFile.Body body =
        new ImageFile.Body(
            format >> 1 & 7,
            compact.getInt(16),
            position + bytes,
            xattrs == 0 ? 0 : XATTR_HEADER + (xattrs - 1) * 4);
    EntryType type = type(mode, nid);
    if (!extended) {
      return new ImageFile(
          nid,
          type,
          mode & 07777,
          Short.toUnsignedInt(compact.getShort(24)),
          Short.toUnsignedInt(compact.getShort(26)),
          Integer.toUnsignedLong(compact.getInt(8)),
          new Epoch(
              superblock.epoch().seconds() + Integer.toUnsignedLong(compact.getInt(12)),
              superblock.epoch().nanos()),
          Short.toUnsignedInt(compact.getShort(6)),
          body);
    }
    ByteBuffer whole = image.at(position, EXTENDED);
    long size = whole.getLong(8);
    if (size < 0) {
      throw image.malformed("inode " + nid + " has " + size + " bytes");
    }
    return new ImageFile(
        nid,
        type,
        mode & 07777,
        whole.getInt(24),
        whole.getInt(28),
        size,
        new Epoch(whole.getLong(32), whole.getInt(40)),
        whole.getInt(44),
        body);
  }

  private EntryType type(int mode, long nid) throws MalformedImageException {
    return Arrays.stream(EntryType.values())
        .filter(type -> type.fileType() != 0 && type.fileType() == (mode & FILE_TYPE))
        .findFirst()
        .orElseThrow(
            () ->
                image.malformed("inode " + nid + " has the mode 0" + Integer.toOctalString(mode)));
  }
}
