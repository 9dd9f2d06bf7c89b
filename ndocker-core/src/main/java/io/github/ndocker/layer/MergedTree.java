package io.github.ndocker.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The root file system that layers make together (OCI image specification, "Applying Changesets").
 *
 * <ul>
 *   <li>A whiteout {@code .wh.NAME} hides NAME of the layers below, an opaque whiteout {@code
 *       .wh..wh..opq} everything that the layers below put in its directory. Neither touches its
 *       own layer, wherever in the tar it comes.
 *   <li>A directory over a directory replaces its metadata and keeps its contents; anything else
 *       replaces what was there. The last entry of one path wins.
 *   <li>Missing parents are directories of root with mode 0755, modified in 1970.
 *   <li>A hard link shares the inode that its target names at that moment, of its own layer or of
 *       one below, and sets its metadata, as containerd and Docker do.
 *   <li>A parent that is a symbolic link is followed inside the root file system, never out of it,
 *       as umoci and containerd do it.
 * </ul>
 *
 * <p>Immutable.
 */
public final class MergedTree {
  private final TreeNode root;
  private final int inodes;

  private MergedTree(TreeNode root) {
    this.root = root;
    this.inodes = number(root);
  }

  /**
   * Merges layers.
   *
   * @param layers from the bottom one to the top one
   * @return the tree
   * @throws MalformedLayerException if a layer does what no root file system can follow, such as a
   *     hard link to nothing or a file below a file
   */
  public static MergedTree of(List<LayerIndex> layers) throws MalformedLayerException {
    LayerMerger merger = new LayerMerger();
    for (LayerIndex layer : layers) {
      merger.add(layer);
    }
    return new MergedTree(merger.root());
  }

  /**
   * The root directory.
   *
   * @return its node, whose name is empty
   */
  public TreeNode root() {
    return root;
  }

  /**
   * How many inodes there are, hard links counted once.
   *
   * @return at least 1
   */
  public int inodes() {
    return inodes;
  }

  /**
   * Looks a path up. Follows no symbolic links.
   *
   * @param path UTF-8 components joined by slashes; empty or "/" for the root directory
   * @return what is there, if anything is
   */
  public Optional<TreeNode> find(String path) {
    return find(ByteString.utf8(path));
  }

  /**
   * Looks a path up. Follows no symbolic links.
   *
   * @param path components joined by slashes
   * @return what is there, if anything is
   */
  public Optional<TreeNode> find(ByteString path) {
    Optional<TreeNode> node = Optional.of(root);
    for (ByteString component : EntryPath.components(path)) {
      node = node.flatMap(parent -> parent.child(component));
    }
    return node;
  }

  /**
   * Visits every node in path order: a directory, then its children by the unsigned bytes of their
   * names, each with all below it.
   *
   * @param visitor called for each
   * @param <E> what the visitor may throw
   * @throws E what the visitor throws
   */
  public <E extends Exception> void walk(TreeVisitor<E> visitor) throws E {
    walk(ByteString.EMPTY, root, visitor);
  }

  /**
   * Visits a node and every one below it, as {@link #walk(TreeVisitor)} does.
   *
   * @param top the path of the node, as visitors are told it
   * @param below the node
   * @param visitor called for each
   * @param <E> what the visitor may throw
   * @throws E what the visitor throws
   */
  public static <E extends Exception> void walk(
      ByteString top, TreeNode below, TreeVisitor<E> visitor) throws E {
    record Step(ByteString path, TreeNode node) {}
    Deque<Step> steps = new ArrayDeque<>();
    steps.push(new Step(top, below));
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      visitor.visit(step.path, step.node);
      List<TreeNode> children = new ArrayList<>(step.node.children());
      for (int i = children.size() - 1; i >= 0; i--) {
        TreeNode child = children.get(i);
        ByteString path = step.path.isEmpty() ? child.name() : step.path.slash(child.name());
        steps.push(new Step(path, child));
      }
    }
  }

  /** Counts links and numbers inodes; without recursion, for trees are as deep as layers like. */
  private static int number(TreeNode root) {
    int next = 0;
    Deque<TreeNode> nodes = new ArrayDeque<>();
    nodes.push(root);
    while (!nodes.isEmpty()) {
      TreeNode node = nodes.pop();
      if (node.inode().isNumbered()) {
        node.inode().addLink();
        continue;
      }
      int directories = 0;
      List<TreeNode> children = new ArrayList<>(node.children());
      for (int i = children.size() - 1; i >= 0; i--) {
        directories += children.get(i).isDirectory() ? 1 : 0;
        nodes.push(children.get(i));
      }
      node.inode().count(node.isDirectory() ? 2 + directories : 1, next++);
    }
    return next;
  }
}
