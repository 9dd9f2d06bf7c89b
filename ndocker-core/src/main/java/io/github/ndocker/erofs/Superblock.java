package io.github.ndocker.erofs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The beginning of an image: a kilobyte of zeros, the superblock of 128 bytes, and right behind it
 * the device table.
 */
final class Superblock {
  /** The number of the root directory has 16 bits and counts 32 bytes each. */
  static final int MAX_DEVICES = 16_000;

  static final int OFFSET = 1024;
  static final int BYTES = 128;
  private static final int SLOT = 128;
  static final int MAGIC = 0xE0F5E1E2;
  static final int COMPAT_CHECKSUM = 1;
  private static final int COMPAT_MTIME = 2;
  static final int INCOMPAT_CHUNKED_FILE = 4;
  static final int INCOMPAT_DEVICE_TABLE = 8;

  private Superblock() {}

  /** Bytes before the first inode, whole blocks. */
  static int headBytes(int devices, int blockBits) {
    int blockBytes = 1 << blockBits;
    return (OFFSET + BYTES + devices * SLOT + blockBytes - 1) & -blockBytes;
  }

  static ByteBuffer encode(
      int blockBits,
      long rootNid,
      int inodes,
      Epoch epoch,
      long blocks,
      UUID uuid,
      List<Device> devices) {
    ByteBuffer head =
        ByteBuffer.allocate(headBytes(devices.size(), blockBits)).order(ByteOrder.LITTLE_ENDIAN);
    head.position(OFFSET);
    head.putInt(MAGIC);
    head.putInt(0); // the checksum, last
    head.putInt(COMPAT_CHECKSUM | COMPAT_MTIME);
    head.put((byte) blockBits);
    head.put((byte) 0); // no longer than 128 bytes
    head.putShort((short) rootNid);
    head.putLong(inodes);
    head.putLong(epoch.seconds());
    head.putInt(epoch.nanos());
    head.putInt((int) blocks);
    head.putInt(0); // inodes are numbered from the beginning of the image
    // where extended attributes are that inodes share, if there are any: behind this
    head.putInt(headBytes(devices.size(), blockBits) >> blockBits);
    head.order(ByteOrder.BIG_ENDIAN)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .order(ByteOrder.LITTLE_ENDIAN);
    head.position(head.position() + 16); // no volume name
    head.putInt(INCOMPAT_CHUNKED_FILE | (devices.isEmpty() ? 0 : INCOMPAT_DEVICE_TABLE));
    head.putShort((short) 0);
    head.putShort((short) devices.size());
    head.putShort((short) (devices.isEmpty() ? 0 : (OFFSET + BYTES) / SLOT));
    head.position(OFFSET + BYTES);
    for (Device device : devices) {
      int slot = head.position();
      head.put(device.tag().getBytes(StandardCharsets.UTF_8));
      head.position(slot + 64);
      head.putInt((int) (((device.bytes() - 1) >> blockBits) + 1));
      head.position(slot + SLOT);
    }
    putChecksum(head, blockBits);
    return head.clear();
  }

  private static void putChecksum(ByteBuffer head, int blockBits) {
    int length = checkedBytes(blockBits);
    head.putInt(OFFSET + 4, checksum(head.duplicate().position(OFFSET).limit(OFFSET + length)));
  }

  /** What the checksum is of: the rest of the block that the superblock is in. */
  static int checkedBytes(int blockBits) {
    int blockBytes = 1 << blockBits;
    return blockBytes > OFFSET ? blockBytes - OFFSET : blockBytes;
  }

  /** CRC-32C without the final inversion, of bytes in which the checksum is 0. */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return ~(int) crc.getValue();
  }
}
