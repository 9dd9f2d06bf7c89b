package io.github.ndocker.layer;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Puts one layer on top of another, in memory. */
final class LayerMerger {
  /** Files in one image; beyond it a layer of deep paths could ask for billions of parents. */
  private static final int MAX_NODES = 8_000_000;

  private static final LayerEntry MISSING_DIRECTORY =
      new LayerEntry(
          ByteString.EMPTY,
          EntryType.DIRECTORY,
          0755,
          0,
          0,
          0,
          0,
          0,
          0,
          ByteString.EMPTY,
          0,
          0,
          Collections.emptySortedMap());

  private final TreeNode root;
  private final ScopedPath paths;
  private int layer = -1;
  private int created;

  LayerMerger() {
    root = new TreeNode(ByteString.EMPTY, new Inode(MISSING_DIRECTORY, 0));
    paths = new ScopedPath(root, this::newDirectory);
  }

  TreeNode root() {
    return root;
  }

  void add(LayerIndex index) throws MalformedLayerException {
    layer++;
    // first all whiteouts: they hide what is below this layer, and nothing in it
    for (Whiteout whiteout : LayerWhiteouts.of(index, root)) {
      List<ByteString> parent = EntryPath.components(whiteout.parent());
      if (whiteout.kind() == Whiteout.Kind.OPAQUE) {
        paths.existing(parent).ifPresent(TreeNode::clear);
      } else {
        paths.existing(parent).ifPresent(directory -> directory.remove(whiteout.hidden()));
      }
    }
    for (LayerEntry entry : index.entries()) {
      if (Whiteout.of(entry.path()).kind() == Whiteout.Kind.NONE) {
        put(entry);
      }
    }
  }

  private void put(LayerEntry entry) throws MalformedLayerException {
    List<ByteString> components = EntryPath.components(entry.path());
    if (components.isEmpty()) {
      if (entry.type() != EntryType.DIRECTORY) {
        throw new MalformedLayerException("the root directory cannot be a " + entry.type());
      }
      root.replaceInode(new Inode(entry, layer));
      return;
    }
    int last = components.size() - 1;
    ByteString name = components.get(last);
    TreeNode parent = paths.directory(components.subList(0, last));
    if (entry.type() == EntryType.HARD_LINK) {
      parent.put(newNode(name, linked(entry)));
      return;
    }
    Inode inode = new Inode(entry, layer);
    Optional<TreeNode> present = parent.child(name).filter(TreeNode::isDirectory);
    if (entry.type() == EntryType.DIRECTORY && present.isPresent()) {
      present.get().replaceInode(inode);
    } else {
      parent.put(newNode(name, inode));
    }
  }

  private Inode linked(LayerEntry link) throws MalformedLayerException {
    List<ByteString> target = EntryPath.components(link.linkTarget());
    int last = target.size() - 1;
    TreeNode node =
        paths
            .existing(target.subList(0, Math.max(0, last)))
            .flatMap(parent -> last < 0 ? Optional.of(parent) : parent.child(target.get(last)))
            .orElseThrow(
                () ->
                    new MalformedLayerException(
                        "'"
                            + link.path()
                            + "' is a hard link to '"
                            + link.linkTarget()
                            + "', which is not there"));
    if (node.isDirectory()) {
      throw new MalformedLayerException(
          "'" + link.path() + "' is a hard link to the directory '" + link.linkTarget() + "'");
    }
    node.inode().describe(link);
    return node.inode();
  }

  private TreeNode newDirectory(ByteString name) throws MalformedLayerException {
    return newNode(name, new Inode(MISSING_DIRECTORY, Math.max(0, layer)));
  }

  private TreeNode newNode(ByteString name, Inode inode) throws MalformedLayerException {
    if (++created > MAX_NODES) {
      throw new MalformedLayerException("the image has more than " + MAX_NODES + " files");
    }
    return new TreeNode(name, inode);
  }
}
