package io.github.ndocker.erofs;

import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import java.nio.ByteBuffer;

/** The 32 or 64 bytes of an inode. */
final class InodeEncoder {
  private static final int CHUNK_INDEXES = 0x20;

  private InodeEncoder() {}

  /** Writes the inode. {@code firstBlock} is where its data blocks begin, if it has any. */
  static void encode(InodePlan plan, long firstBlock, ByteBuffer target) {
    Inode inode = plan.node().inode();
    int format = (plan.isExtended() ? 1 : 0) | plan.layout().number() << 1;
    target.putShort((short) format);
    target.putShort((short) plan.xattrs().count());
    target.putShort((short) (inode.type().fileType() | inode.mode()));
    if (plan.isExtended()) {
      target.putShort((short) 0);
      target.putLong(plan.size());
      target.putInt(union(plan, firstBlock));
      target.putInt(inode.number() + 1);
      target.putInt(inode.uid());
      target.putInt(inode.gid());
      target.putLong(inode.mtimeSeconds());
      target.putInt(inode.mtimeNanos());
      target.putInt(inode.nlink());
      target.putLong(0);
      target.putLong(0);
    } else {
      target.putShort((short) inode.nlink());
      target.putInt((int) plan.size());
      target.putInt(0); // seconds after the epoch
      target.putInt(union(plan, firstBlock));
      target.putInt(inode.number() + 1);
      target.putShort((short) inode.uid());
      target.putShort((short) inode.gid());
      target.putInt(0);
    }
  }

  private static int union(InodePlan plan, long firstBlock) {
    Inode inode = plan.node().inode();
    return switch (inode.type()) {
      case CHARACTER_DEVICE, BLOCK_DEVICE -> device(inode.deviceMajor(), inode.deviceMinor());
      default ->
          plan.chunks().map(chunks -> CHUNK_INDEXES | chunks.chunkBits()).orElse((int) firstBlock);
    };
  }

  /** The kernel's "new" encoding of device numbers. */
  private static int device(int major, int minor) {
    return (minor & 0xff) | major << 8 | (minor & ~0xff) << 12;
  }

  /** What directory entries call a type. */
  static byte directoryType(EntryType type) {
    return switch (type) {
      case REGULAR -> 1;
      case DIRECTORY -> 2;
      case CHARACTER_DEVICE -> 3;
      case BLOCK_DEVICE -> 4;
      case FIFO -> 5;
      case SYMLINK -> 7;
      case HARD_LINK -> throw new IllegalArgumentException("a hard link is no type of inode");
    };
  }
}
