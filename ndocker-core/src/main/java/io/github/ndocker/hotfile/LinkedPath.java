package io.github.ndocker.hotfile;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Looks one path up as a container would, through the image's symbolic links. For one thread. */
final class LinkedPath {
  /** As many as Linux follows. */
  private static final int MAX_LINKS = 40;

  private final MergedTree tree;
  private final Deque<TreeNode> way = new ArrayDeque<>();

  LinkedPath(MergedTree tree) {
    this.tree = tree;
  }

  /** What is there, never a symbolic link; empty if there is nothing. */
  Optional<Inode> find(String path) {
    way.clear();
    Deque<String> toGo = new ArrayDeque<>(components(path));
    int links = 0;
    while (!toGo.isEmpty()) {
      String name = toGo.pop();
      if (name.equals("..")) {
        way.pollLast();
        continue;
      }
      TreeNode here = way.isEmpty() ? tree.root() : way.getLast();
      Optional<TreeNode> child = here.child(ByteString.utf8(name));
      if (child.isEmpty()) {
        return Optional.empty();
      }
      Inode inode = child.get().inode();
      if (inode.type() != EntryType.SYMLINK) {
        way.addLast(child.get());
        continue;
      }
      if (++links > MAX_LINKS) {
        return Optional.empty();
      }
      String target = inode.symlinkTarget().toString();
      if (target.startsWith("/")) {
        way.clear();
      }
      List<String> components = components(target);
      for (int i = components.size() - 1; i >= 0; i--) {
        toGo.push(components.get(i));
      }
    }
    return Optional.of((way.isEmpty() ? tree.root() : way.getLast()).inode());
  }

  /** The path of what was found, without symbolic links. */
  String path() {
    return "/" + String.join("/", way.stream().map(node -> node.name().toString()).toList());
  }

  private static List<String> components(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(component -> !component.isEmpty() && !component.equals("."))
        .toList();
  }
}
