package io.github.ndocker.layer;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file of the tree that a generator of layers meant them to come to. */
final class ModelEntry implements TreeEntry {
  private final TestInode inode;
  private final Map<TestInode, Integer> links;
  private final SortedMap<String, TreeEntry> children = new TreeMap<>();

  private ModelEntry(TestInode inode, Map<TestInode, Integer> links) {
    this.inode = inode;
    this.links = links;
  }

  /** The root of a tree that is given by paths without a slash in front. */
  static TreeEntry of(NavigableMap<String, TestInode> tree) {
    Map<TestInode, Integer> links = new HashMap<>();
    tree.values().forEach(inode -> links.merge(inode, 1, Integer::sum));
    Map<String, ModelEntry> entries = new TreeMap<>();
    // a parent is before what is in it
    tree.forEach(
        (path, inode) -> {
          ModelEntry entry = new ModelEntry(inode, links);
          entries.put(path, entry);
          if (!path.isEmpty()) {
            int slash = path.lastIndexOf('/');
            ModelEntry parent = entries.get(path.substring(0, Math.max(0, slash)));
            parent.children.put(path.substring(slash + 1), entry);
          }
        });
    return entries.get("");
  }

  @Override
  public Attributes attributes() {
    boolean device = inode.type() == '3' || inode.type() == '4';
    EntryType type = EntryType.ofTarFlag(inode.type()).orElseThrow();
    return new Attributes(
        // Linux knows no other mode of a symbolic link
        type.fileType() | (type == EntryType.SYMLINK ? 0777 : inode.mode()),
        inode.uid(),
        inode.gid(),
        device ? Attributes.device(inode.major(), inode.minor()) : 0,
        links.getOrDefault(inode, 1),
        inode.data().length,
        inode.seconds(),
        inode.nanos());
  }

  @Override
  public Object identity() {
    return inode;
  }

  @Override
  public Map<String, String> xattrs() {
    return Collections.unmodifiableMap(inode.xattrs());
  }

  @Override
  public String target() {
    return inode.target();
  }

  @Override
  public SortedMap<String, TreeEntry> children() {
    return new TreeMap<>(children);
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(inode.data());
  }
}
