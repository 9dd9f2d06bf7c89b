package io.github.ndocker.erofs;

import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The time that all compact inodes have. Newer kernels let each add seconds to it; the older ones
 * do not look there.
 *
 * @param seconds since 1970
 * @param nanos after that
 */
record Epoch(long seconds, int nanos) {
  /** The time that most files of a tree have; the earliest of them if there are several. */
  static Epoch of(MergedTree tree) {
    Map<Epoch, Integer> counts = new HashMap<>();
    Deque<TreeNode> nodes = new ArrayDeque<>();
    nodes.push(tree.root());
    while (!nodes.isEmpty()) {
      TreeNode node = nodes.pop();
      Inode inode = node.inode();
      counts.merge(new Epoch(inode.mtimeSeconds(), inode.mtimeNanos()), 1, Integer::sum);
      node.children().forEach(nodes::push);
    }
    Epoch best = new Epoch(0, 0);
    int most = 0;
    for (Map.Entry<Epoch, Integer> candidate : counts.entrySet()) {
      int count = candidate.getValue();
      if (count > most || (count == most && candidate.getKey().isBefore(best))) {
        best = candidate.getKey();
        most = count;
      }
    }
    return best;
  }

  private boolean isBefore(Epoch other) {
    return seconds != other.seconds ? seconds < other.seconds : nanos < other.nanos;
  }

  /** Whether 32 bytes are enough for an inode. */
  boolean fitsCompact(Inode inode, long size) {
    return inode.mtimeSeconds() == seconds
        && inode.mtimeNanos() == nanos
        && (inode.uid() & 0xffff) == inode.uid()
        && (inode.gid() & 0xffff) == inode.gid()
        && inode.nlink() <= 0xffff
        && size <= 0xffff_ffffL;
  }
}
