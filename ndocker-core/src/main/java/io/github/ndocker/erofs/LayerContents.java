package io.github.ndocker.erofs;

import io.github.ndocker.layer.FilePart;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.SparseContents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Files in the layers they came from. */
final class LayerContents {
  private static final long BLOCK = 1 << ErofsWriter.TAR_BLOCK_BITS;

  private LayerContents() {}

  /** Reads the tar of one layer. */
  @FunctionalInterface
  interface Layer {
    /** Fills a buffer with the bytes at an offset. */
    void fill(ByteBuffer target, long offset) throws IOException;
  }

  /**
   * Where bytes of a file end whose block goes on behind the last byte of the tar, which lacks the
   * zeros that should be there.
   */
  static List<Long> cutOff(Inode inode, long tarBytes) {
    if (inode.sparse().isEmpty()) {
      long end = inode.dataOffset() + inode.size();
      return isCutOff(end, tarBytes) ? List.of(inode.size()) : List.of();
    }
    return inode.sparse().get().parts().stream()
        .filter(part -> part.source() == FilePart.Source.TAR)
        .filter(part -> isCutOff(part.offset() + part.length(), tarBytes))
        .map(part -> part.fileOffset() + part.length())
        .toList();
  }

  private static boolean isCutOff(long end, long tarBytes) {
    return end + (-end & (BLOCK - 1)) > tarBytes;
  }

  /** Fills a buffer with bytes of a file, which must have so many. */
  static void read(Inode inode, Layer layer, ByteBuffer target, long position) throws IOException {
    if (inode.sparse().isEmpty()) {
      layer.fill(target, inode.dataOffset() + position);
      return;
    }
    SparseContents contents = inode.sparse().get();
    long end = position + target.remaining();
    for (FilePart part : contents.parts()) {
      long from = Math.max(position, part.fileOffset());
      long to = Math.min(end, part.fileOffset() + part.length());
      if (from < to) {
        ByteBuffer piece = target.slice(target.position(), (int) (to - from));
        long offset = part.offset() + from - part.fileOffset();
        switch (part.source()) {
          case TAR -> layer.fill(piece, offset);
          case COPIES ->
              contents.copies().slice((int) offset, (int) (offset + to - from)).putInto(piece);
          case HOLE -> piece.put(new byte[(int) (to - from)]);
        }
        target.position(target.position() + (int) (to - from));
      }
    }
  }
}
