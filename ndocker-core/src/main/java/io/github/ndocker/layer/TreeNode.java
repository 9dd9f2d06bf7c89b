package io.github.ndocker.layer;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One name in a {@link MergedTree}. Immutable once the tree is made. */
public final class TreeNode {
  private final ByteString name;
  private Inode inode;

  /** Null without children: most nodes never have any. */
  private @Nullable NavigableMap<ByteString, TreeNode> children;

  TreeNode(ByteString name, Inode inode) {
    this.name = name;
    this.inode = inode;
  }

  /**
   * The last component of its path.
   *
   * @return the name; empty for the root directory
   */
  public ByteString name() {
    return name;
  }

  /**
   * What it names.
   *
   * @return the inode, shared by all hard links
   */
  public Inode inode() {
    return inode;
  }

  /**
   * Whether it is a directory.
   *
   * @return true if it is
   */
  public boolean isDirectory() {
    return inode.type() == EntryType.DIRECTORY;
  }

  /**
   * What is in a directory.
   *
   * @return its children, ordered by the unsigned bytes of their names; none for anything else
   */
  public Collection<TreeNode> children() {
    return children == null
        ? Collections.emptyList()
        : Collections.unmodifiableCollection(children.values());
  }

  /**
   * Looks a name up in a directory.
   *
   * @param wanted one component
   * @return the child of that name, if there is one
   */
  public Optional<TreeNode> child(ByteString wanted) {
    return children == null ? Optional.empty() : Optional.ofNullable(children.get(wanted));
  }

  void replaceInode(Inode replacement) {
    inode = replacement;
  }

  void put(TreeNode child) {
    if (children == null) {
      children = new TreeMap<>();
    }
    children.put(child.name, child);
  }

  void remove(ByteString child) {
    if (children != null) {
      children.remove(child);
    }
  }

  void clear() {
    children = null;
  }
}
