package io.github.ndocker.erofs;

import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The extended attributes that several inodes have, such as labels of SELinux: kept once, and named
 * by 4 bytes in each inode. In the order in which they are first met in the tree.
 */
final class SharedXattrs {
  private static final int ID_BYTES = 4;

  /** The numbers that inodes name them by: their position in units of 4 bytes. */
  private final Map<XattrEntry, Integer> ids = new LinkedHashMap<>();

  private int bytes;

  private SharedXattrs() {}

  static SharedXattrs of(MergedTree tree) throws ErofsLimitException {
    Map<XattrEntry, Integer> uses = new LinkedHashMap<>();
    Set<Inode> seen = new HashSet<>();
    tree.<ErofsLimitException>walk(
        (path, node) -> {
          if (!node.inode().xattrs().isEmpty() && seen.add(node.inode())) {
            XattrEntry.of(node.inode()).forEach(entry -> uses.merge(entry, 1, Integer::sum));
          }
        });
    SharedXattrs shared = new SharedXattrs();
    uses.forEach(shared::addIfWorthIt);
    return shared;
  }

  private void addIfWorthIt(XattrEntry entry, int uses) {
    long apart = (long) uses * entry.size();
    if (entry.size() + (long) uses * ID_BYTES < apart) {
      ids.put(entry, bytes / ID_BYTES);
      bytes += entry.size();
    }
  }

  OptionalInt idOf(XattrEntry entry) {
    Integer id = ids.get(entry);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Bytes of all of them. */
  int bytes() {
    return bytes;
  }

  void write(ImageOutput output) throws IOException {
    for (XattrEntry entry : ids.keySet()) {
      ByteBuffer one = ByteBuffer.allocate(entry.size()).order(ByteOrder.LITTLE_ENDIAN);
      entry.putInto(one);
      output.write(one.array());
    }
  }
}
