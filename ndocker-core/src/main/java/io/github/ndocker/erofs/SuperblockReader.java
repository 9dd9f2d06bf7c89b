package io.github.ndocker.erofs;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads what {@link Superblock} writes, and those of other writers. */
final class SuperblockReader {
  private static final int KNOWN_INCOMPAT =
      Superblock.INCOMPAT_CHUNKED_FILE | Superblock.INCOMPAT_DEVICE_TABLE;

  private SuperblockReader() {}

  /**
   * What the rest of an image is found by.
   *
   * @param blockBits binary logarithm of the block size
   * @param rootNid number of the root directory
   * @param epoch the time of compact inodes
   * @param inodesAt where inode 0 is
   * @param xattrsAt where the extended attributes are that inodes share
   * @param devices how many there are beside the image
   */
  record Found(
      int blockBits, long rootNid, Epoch epoch, long inodesAt, long xattrsAt, int devices) {
    int blockBytes() {
      return 1 << blockBits;
    }
  }

  static Found read(ImageBytes image) throws IOException {
    ByteBuffer head = image.at(Superblock.OFFSET, Superblock.BYTES);
    if (head.getInt(0) != Superblock.MAGIC) {
      throw image.malformed("it is none");
    }
    int blockBits = head.get(12);
    if (blockBits < 9 || blockBits > 16) {
      throw image.malformed("blocks of 2^" + blockBits + " bytes");
    }
    int incompat = head.getInt(80);
    if ((incompat & ~KNOWN_INCOMPAT) != 0) {
      throw image.malformed(
          "it needs features that this reader lacks, 0x" + Integer.toHexString(incompat));
    }
    if ((head.getInt(8) & Superblock.COMPAT_CHECKSUM) != 0) {
      requireChecksum(image, blockBits);
    }
    return new Found(
        blockBits,
        Short.toUnsignedLong(head.getShort(14)),
        new Epoch(head.getLong(24), head.getInt(32)),
        Integer.toUnsignedLong(head.getInt(40)) << blockBits,
        Integer.toUnsignedLong(head.getInt(44)) << blockBits,
        (incompat & Superblock.INCOMPAT_DEVICE_TABLE) == 0
            ? 0
            : Short.toUnsignedInt(head.getShort(86)));
  }

  private static void requireChecksum(ImageBytes image, int blockBits) throws IOException {
    ByteBuffer block = image.at(Superblock.OFFSET, Superblock.checkedBytes(blockBits));
    int kept = block.getInt(4);
    block.putInt(4, 0);
    if (Superblock.checksum(block) != kept) {
      throw image.malformed("its superblock does not match its checksum");
    }
  }
}
