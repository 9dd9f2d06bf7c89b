package io.github.ndocker.erofs;

import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where everything of an image lies, decided before a byte is written, since entries of directories
 * point forwards.
 */
final class ImageLayout {
  private static final int SLOT_BITS = 5;

  private final int blockBytes;
  private final List<InodePlan> order;

  /** By number of the inode: in units of 32 bytes, as EROFS numbers them; 0 where none is yet. */
  private final int[] nids;

  /** By number of the inode: the first block of its data. */
  private final int[] firstBlocks;

  private long end;
  private int droppedXattrs;

  ImageLayout(
      MergedTree tree,
      ContentMap contents,
      Epoch epoch,
      SharedXattrs shared,
      int blockBits,
      long from)
      throws IOException {
    blockBytes = 1 << blockBits;
    order = new ArrayList<>(tree.inodes());
    nids = new int[tree.inodes()];
    firstBlocks = new int[tree.inodes()];
    end = from;
    place(new InodePlan(tree.root(), tree.root(), contents, epoch, shared, blockBits));
    Deque<TreeNode> directories = new ArrayDeque<>();
    directories.push(tree.root());
    while (!directories.isEmpty()) {
      TreeNode directory = directories.pop();
      List<TreeNode> below = new ArrayList<>();
      for (TreeNode child : directory.children()) {
        if (nids[child.inode().number()] == 0) {
          place(new InodePlan(child, directory, contents, epoch, shared, blockBits));
        }
        if (child.isDirectory()) {
          below.add(child);
        }
      }
      for (int i = below.size() - 1; i >= 0; i--) {
        directories.push(below.get(i));
      }
    }
    end = aligned(end, blockBytes);
  }

  private void place(InodePlan plan) throws ErofsLimitException {
    int number = plan.node().inode().number();
    if (plan.dataBlocks() > 0) {
      end = aligned(end, blockBytes);
      while (plan.chunks().isPresent() && plan.chunks().get().misleads(end / blockBytes)) {
        end += blockBytes;
      }
      firstBlocks[number] = (int) (end / blockBytes);
      end += plan.dataBlocks() * blockBytes;
    }
    end = aligned(end, 1 << SLOT_BITS);
    if (plan.inlineBytes() > 0 && end % blockBytes + plan.bytes() > blockBytes) {
      // what is inline must be in one block with its inode
      end = aligned(end, blockBytes);
    }
    long nid = end >> SLOT_BITS;
    if (nid > Integer.MAX_VALUE) {
      throw new ErofsLimitException("more than 64 GiB of metadata");
    }
    nids[number] = (int) nid;
    end += plan.bytes();
    order.add(plan);
    droppedXattrs += plan.xattrs().dropped();
  }

  /** Everything to write, in the order of the image. */
  List<InodePlan> order() {
    return order;
  }

  long nid(TreeNode node) {
    return nids[node.inode().number()];
  }

  long position(TreeNode node) {
    return nid(node) << SLOT_BITS;
  }

  int firstBlock(TreeNode node) {
    return firstBlocks[node.inode().number()];
  }

  /** The size of the image, whole blocks. */
  long end() {
    return end;
  }

  int droppedXattrs() {
    return droppedXattrs;
  }

  private static long aligned(long position, int unit) {
    return (position + unit - 1) & -unit;
  }
}
