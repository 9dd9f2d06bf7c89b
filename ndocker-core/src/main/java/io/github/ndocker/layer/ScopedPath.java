package io.github.ndocker.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds directories in a tree, following symbolic links as a process would whose root directory is
 * the root of the tree: absolute targets begin there, and {@code ..} does not lead out of it.
 */
final class ScopedPath {
  /** As many as Linux follows, 40, would do; the Go libraries of container engines take 255. */
  private static final int MAX_LINKS = 255;

  /** Steps of one merge: ordinary images need one per path component, link bombs billions. */
  private static final long MAX_STEPS = 1L << 29;

  private static final ByteString PARENT = ByteString.utf8("..");

  private final TreeNode root;
  private final Maker maker;
  private long steps;

  ScopedPath(TreeNode root, Maker maker) {
    this.root = root;
    this.maker = maker;
  }

  /** Makes a directory that an archive left out. */
  @FunctionalInterface
  interface Maker {
    TreeNode make(ByteString name) throws MalformedLayerException;
  }

  /** The directory at a path, made where it is missing. */
  TreeNode directory(List<ByteString> components) throws MalformedLayerException {
    return resolve(components, true)
        .orElseThrow(
            () ->
                new MalformedLayerException(
                    "'" + text(components) + "' is in the way: it is not a directory"));
  }

  /** The directory at a path, if it is there. */
  Optional<TreeNode> existing(List<ByteString> components) throws MalformedLayerException {
    return resolve(components, false);
  }

  private Optional<TreeNode> resolve(List<ByteString> components, boolean make)
      throws MalformedLayerException {
    Deque<ByteString> toGo = new ArrayDeque<>(components);
    Deque<TreeNode> way = new ArrayDeque<>();
    way.push(root);
    int links = 0;
    while (!toGo.isEmpty()) {
      ByteString name = toGo.pop();
      if (++steps > MAX_STEPS) {
        throw new MalformedLayerException("the paths of the image are too long to follow");
      }
      if (name.equals(PARENT)) {
        if (way.size() > 1) {
          way.pop();
        }
        continue;
      }
      TreeNode here = way.element();
      Optional<TreeNode> child = here.child(name);
      if (child.isEmpty() && make) {
        child = Optional.of(maker.make(name));
        here.put(child.get());
      }
      if (child.isEmpty()) {
        return Optional.empty();
      }
      if (child.get().inode().type() == EntryType.SYMLINK) {
        if (++links > MAX_LINKS) {
          throw new MalformedLayerException(
              "too many symbolic links on the way to '" + text(components) + "'");
        }
        follow(child.get().inode().symlinkTarget(), way, toGo);
      } else if (child.get().isDirectory()) {
        way.push(child.get());
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(way.element());
  }

  private void follow(ByteString target, Deque<TreeNode> way, Deque<ByteString> toGo) {
    if (target.at(0) == '/') {
      way.clear();
      way.push(root);
    }
    List<ByteString> components = EntryPath.components(target);
    for (int i = components.size() - 1; i >= 0; i--) {
      toGo.push(components.get(i));
    }
  }

  private static String text(List<ByteString> components) {
    return String.join("/", components.stream().map(ByteString::toString).toList());
  }
}
