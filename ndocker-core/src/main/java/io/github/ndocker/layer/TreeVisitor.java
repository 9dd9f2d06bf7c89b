package io.github.ndocker.layer;

/**
 * Sees every node of a tree.
 *
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface TreeVisitor<E extends Exception> {
  /**
   * Called once for every node, a directory before what is in it.
   *
   * @param path components joined by slashes, none at the beginning; empty for the root directory
   * @param node what is there
   * @throws E to end the walk
   */
  void visit(ByteString path, TreeNode node) throws E;
}
