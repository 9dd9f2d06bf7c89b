package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.util.Optional;

/** How one inode will look, and how many bytes it takes where. */
final class InodePlan {
  /** What follows the inode and its attributes. */
  enum Layout {
    /** All data in whole blocks elsewhere; or none. */
    PLAIN(0),
    /** The end of the data right behind the inode, in the same block; the rest elsewhere. */
    INLINE(2),
    /** Chunk indexes. */
    CHUNKS(4);

    private final int number;

    Layout(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  private final TreeNode node;
  private final boolean extended;
  private final XattrBody xattrs;
  private final Layout layout;
  private final long size;
  private final Optional<DirectoryBlocks> directory;
  private final Optional<ChunkIndexes> chunks;
  private final int blockBytes;

  InodePlan(
      TreeNode node,
      TreeNode parent,
      ContentMap contents,
      Epoch epoch,
      SharedXattrs shared,
      int blockBits)
      throws IOException {
    Inode inode = node.inode();
    this.node = node;
    this.blockBytes = 1 << blockBits;
    this.xattrs = XattrBody.of(inode, shared);
    this.directory =
        node.isDirectory()
            ? Optional.of(new DirectoryBlocks(node, parent, blockBytes))
            : Optional.empty();
    this.chunks =
        inode.size() > 0
            ? Optional.of(new ChunkIndexes(node, contents, blockBits))
            : Optional.empty();
    this.size = directory.map(DirectoryBlocks::size).orElseGet(() -> sizeOf(inode));
    this.extended = !epoch.fitsCompact(inode, size);
    if (chunks.isPresent()) {
      layout = Layout.CHUNKS;
    } else {
      layout = size > 0 && headBytes() + tail() <= blockBytes ? Layout.INLINE : Layout.PLAIN;
    }
  }

  private static long sizeOf(Inode inode) {
    ByteString target = inode.symlinkTarget();
    return inode.type() == EntryType.SYMLINK ? target.length() : inode.size();
  }

  private int tail() {
    return directory
        .map(DirectoryBlocks::lastBlockBytes)
        .orElse((int) (size % blockBytes == 0 ? Math.min(size, blockBytes) : size % blockBytes));
  }

  TreeNode node() {
    return node;
  }

  boolean isExtended() {
    return extended;
  }

  XattrBody xattrs() {
    return xattrs;
  }

  Layout layout() {
    return layout;
  }

  long size() {
    return size;
  }

  Optional<DirectoryBlocks> directory() {
    return directory;
  }

  Optional<ChunkIndexes> chunks() {
    return chunks;
  }

  /** Bytes of the inode and its extended attributes. */
  int headBytes() {
    return (extended ? 64 : 32) + xattrs.size();
  }

  /** Blocks that lie apart from the inode. */
  long dataBlocks() {
    if (chunks.isPresent()) {
      return (chunks.get().copies().length() + blockBytes - 1L) / blockBytes;
    }
    if (size == 0) {
      return 0;
    }
    long blocks = (size - 1) / blockBytes + 1;
    return layout == Layout.INLINE ? blocks - 1 : blocks;
  }

  /** Bytes behind the head that belong to the inode, without the indexes of chunks. */
  int inlineBytes() {
    return layout == Layout.INLINE ? tail() : 0;
  }

  /** All bytes from the beginning of the inode to its end. */
  long bytes() {
    return chunks
        .map(indexes -> ((headBytes() + 7L) & ~7L) + indexes.bytes())
        .orElseGet(() -> (long) headBytes() + inlineBytes());
  }
}
