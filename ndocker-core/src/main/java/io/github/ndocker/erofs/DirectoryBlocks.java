package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.TreeNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of one directory, dealt out to blocks. The kernel searches for a name by bisection
 * over the blocks and in them, so all names are in the order of their unsigned bytes, "." and ".."
 * among them.
 */
final class DirectoryBlocks {
  private static final int ENTRY = 12;
  private static final ByteString DOT = ByteString.utf8(".");
  private static final ByteString DOT_DOT = ByteString.utf8("..");

  private final int blockBytes;
  private final List<Name> names;

  /** Index of the first name of each block, and the number of names. */
  private final List<Integer> bounds = new ArrayList<>();

  private final int lastBlockBytes;

  private record Name(ByteString text, TreeNode node) {}

  /** Where the inodes are. */
  @FunctionalInterface
  interface Nids {
    long of(TreeNode node);
  }

  DirectoryBlocks(TreeNode directory, TreeNode parent, int blockBytes) {
    this.blockBytes = blockBytes;
    this.names = names(directory, parent);
    int used = 0;
    bounds.add(0);
    for (int i = 0; i < names.size(); i++) {
      int needed = ENTRY + names.get(i).text.length();
      if (used + needed > blockBytes) {
        bounds.add(i);
        used = 0;
      }
      used += needed;
    }
    bounds.add(names.size());
    lastBlockBytes = used;
  }

  private static List<Name> names(TreeNode directory, TreeNode parent) {
    List<Name> names = new ArrayList<>(directory.children().size() + 2);
    List<Name> dots = List.of(new Name(DOT, directory), new Name(DOT_DOT, parent));
    int dot = 0;
    for (TreeNode child : directory.children()) {
      while (dot < dots.size() && dots.get(dot).text.compareTo(child.name()) < 0) {
        names.add(dots.get(dot++));
      }
      names.add(new Name(child.name(), child));
    }
    names.addAll(dots.subList(dot, dots.size()));
    return names;
  }

  int blocks() {
    return bounds.size() - 1;
  }

  int lastBlockBytes() {
    return lastBlockBytes;
  }

  /** The size of the directory: whole blocks, then what the last one holds. */
  long size() {
    return (long) (blocks() - 1) * blockBytes + lastBlockBytes;
  }

  /** Writes one block's bytes, without the zeros that fill it. */
  void encode(int block, ByteBuffer target, Nids nids) {
    int from = bounds.get(block);
    int to = bounds.get(block + 1);
    int nameOffset = (to - from) * ENTRY;
    for (int i = from; i < to; i++) {
      Name name = names.get(i);
      target.putLong(nids.of(name.node));
      target.putShort((short) nameOffset);
      target.put(InodeEncoder.directoryType(name.node.inode().type()));
      target.put((byte) 0);
      nameOffset += name.text.length();
    }
    for (int i = from; i < to; i++) {
      names.get(i).text.putInto(target);
    }
  }
}
