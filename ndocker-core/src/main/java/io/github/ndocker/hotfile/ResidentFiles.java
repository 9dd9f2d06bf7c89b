package io.github.ndocker.hotfile;

import io.github.ndocker.api.HotFile;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.linux.PageResidency;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a mounted image is in memory: what its containers have read since it was mounted, if it
 * is mounted without read-ahead. For one thread.
 */
public final class ResidentFiles {
  private final MergedTree tree;
  private final Map<String, Pages> resident = new TreeMap<>();

  private record Pages(BitSet pages, long size) {}

  /**
   * Nothing was looked at yet.
   *
   * @param tree the image
   */
  public ResidentFiles(MergedTree tree) {
    this.tree = tree;
  }

  /**
   * Looks at every regular file of a mount, without reading any. Names that are not UTF-8 or that
   * the locale cannot spell are left out, and sparse files, which may claim any size.
   *
   * @param mounted where the image is mounted, read-only
   * @throws IOException if the kernel does not let this process look
   */
  public void look(Path mounted) throws IOException {
    tree.walk(
        (path, node) -> {
          Inode inode = node.inode();
          String name = path.toString();
          if (inode.type() == EntryType.REGULAR
              && inode.size() > 0
              && inode.sparse().isEmpty()
              && ByteString.utf8(name).equals(path)) {
            // a name of the tree has no link on its way, so it does not lead out of the mount
            BitSet pages = pages(mounted, name, inode.size());
            if (!pages.isEmpty()) {
              resident
                  .computeIfAbsent("/" + name, file -> new Pages(new BitSet(), inode.size()))
                  .pages()
                  .or(pages);
            }
          }
        });
  }

  private static BitSet pages(Path mounted, String name, long size) throws IOException {
    Path file;
    try {
      file = mounted.resolve(name);
    } catch (InvalidPathException e) {
      // a name that the locale of this JVM cannot spell
      return new BitSet();
    }
    return PageResidency.of(file, size);
  }

  /**
   * What was in memory in any of the mounts.
   *
   * @return files and their pages, in the order of the paths
   */
  public List<HotFile> files() {
    return resident.entrySet().stream()
        .map(
            file ->
                new HotFile(
                    file.getKey(),
                    ColdStartTrace.ranges(file.getValue().pages(), file.getValue().size())))
        .toList();
  }
}
