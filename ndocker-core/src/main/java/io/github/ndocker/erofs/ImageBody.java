package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes inodes and directories where the layout says. */
final class ImageBody {
  private final ImageLayout layout;
  private final int blockBits;

  ImageBody(ImageLayout layout, int blockBits) {
    this.layout = layout;
    this.blockBits = blockBits;
  }

  void write(ImageOutput output) throws IOException {
    for (InodePlan plan : layout.order()) {
      TreeNode node = plan.node();
      int firstBlock = layout.firstBlock(node);
      for (int block = 0; block < plan.dataBlocks(); block++) {
        long position = (Integer.toUnsignedLong(firstBlock) + block) << blockBits;
        output.zerosUntil(position);
        writeBlock(plan, block, output);
        output.zerosUntil(position + (1 << blockBits));
      }
      output.zerosUntil(layout.position(node));
      InodeEncoder.encode(plan, firstBlock, output.room(64));
      output.write(plan.xattrs().encode());
      if (plan.chunks().isPresent()) {
        output.zerosUntil((output.position() + 7) & ~7L);
        plan.chunks().get().encode(output, Integer.toUnsignedLong(firstBlock));
      } else if (plan.inlineBytes() > 0) {
        writeBlock(plan, (int) plan.dataBlocks(), output);
      }
    }
  }

  private void writeBlock(InodePlan plan, int block, ImageOutput output) throws IOException {
    ByteBuffer target = output.room(1 << blockBits);
    if (plan.directory().isPresent()) {
      plan.directory().get().encode(block, target, layout::nid);
    } else {
      ByteString bytes =
          plan.chunks()
              .map(ChunkIndexes::copies)
              .orElseGet(() -> plan.node().inode().symlinkTarget());
      int from = block << blockBits;
      int to = (int) Math.min(bytes.length(), from + (1L << blockBits));
      bytes.slice(from, to).putInto(target);
    }
  }
}
