package io.github.ndocker.source;

import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.LayerEntry;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimit;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.MalformedLayerException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files in a tar, read where they are in it. Links lead from one entry to another one, never
 * out of the archive.
 */
final class ArchiveFiles implements LayoutFiles, Closeable {
  /** An image of a thousand layers has three entries for each in the oldest form. */
  private static final LayerLimits LIMITS =
      LayerLimits.DEFAULT
          .with(LayerLimit.TAR_BYTES, 1L << 42)
          .with(LayerLimit.ENTRIES, 100_000)
          .with(LayerLimit.PAX_BYTES, 1 << 16)
          .with(LayerLimit.GNU_BYTES, 1 << 16)
          .with(LayerLimit.INDEX_BYTES, 16 << 20);

  /** Links that lead to links: {@code docker save} needs one step. */
  private static final int MAX_LINKS = 8;

  private static final int BUFFER_BYTES = 1 << 14;

  private final String name;
  private final FileChannel file;
  private final Map<String, LayerEntry> entries;

  private ArchiveFiles(String name, FileChannel file, Map<String, LayerEntry> entries) {
    this.name = name;
    this.file = file;
    this.entries = entries;
  }

  /**
   * Reads the headers of an archive.
   *
   * @param file closed with the result, and if this fails
   */
  static ArchiveFiles index(String name, FileChannel file) throws IOException {
    boolean indexed = false;
    try {
      ArchiveFiles files = new ArchiveFiles(name, file, byPath(name, entriesOf(file)));
      indexed = true;
      return files;
    } catch (MalformedLayerException e) {
      throw new MalformedSourceException(
          name, "no tar that is an archive of images: " + e.getMessage(), e);
    } finally {
      if (!indexed) {
        file.close();
      }
    }
  }

  private static List<LayerEntry> entriesOf(FileChannel file) throws IOException {
    LayerIndexer indexer = new LayerIndexer(LIMITS);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long size = file.size();
    long position = 0;
    while (position < size && !indexer.isEnded()) {
      long contents = Math.min(indexer.contentsAhead(), size - position);
      if (contents > 0) {
        indexer.skip(contents);
        position += contents;
      } else {
        int count = file.read(buffer.clear(), position);
        if (count < 0) {
          break; // it has become shorter, which the indexer sees
        }
        indexer.update(buffer.flip());
        position += count;
      }
    }
    return indexer.finish().entries();
  }

  private static Map<String, LayerEntry> byPath(String name, List<LayerEntry> entries)
      throws MalformedSourceException {
    Map<String, LayerEntry> byPath = new TreeMap<>();
    for (LayerEntry entry : entries) {
      String path = entry.path().toString();
      LayerEntry before = byPath.put(path, entry);
      // which of two files counts would be for each reader to choose
      if (before != null
          && !(before.type() == EntryType.DIRECTORY && entry.type() == EntryType.DIRECTORY)) {
        throw new MalformedSourceException(name, "two entries are named '" + path + "'");
      }
    }
    return byPath;
  }

  @Override
  public String name() {
    return name;
  }

  boolean has(String path) {
    return entries.containsKey(path);
  }

  @Override
  public SizedStream open(String path) throws IOException {
    LayerEntry entry = entries.get(target(path));
    if (entry == null || entry.type() != EntryType.REGULAR || entry.sparse().isPresent()) {
      throw new MalformedSourceException(name, "'" + path + "' is no regular file in one piece");
    }
    return new SizedStream(
        new RangeStream(name, file, entry.dataOffset(), entry.size()), entry.size());
  }

  /** The path of the file that is behind a path; the same one if there is no link. */
  String target(String path) throws MalformedSourceException {
    String at = path;
    for (int links = 0; links <= MAX_LINKS; links++) {
      @Nullable LayerEntry entry = entries.get(at);
      if (entry == null) {
        throw new MalformedSourceException(
            name,
            at.equals(path)
                ? "has no file '" + path + "'"
                : "'" + path + "' is a link to '" + at + "', which is not there");
      }
      if (entry.type() == EntryType.SYMLINK) {
        at = linked(at, entry.linkTarget().toString());
      } else if (entry.type() == EntryType.HARD_LINK) {
        at = entry.linkTarget().toString();
      } else {
        return at;
      }
    }
    throw new MalformedSourceException(
        name, "'" + path + "' is behind more than " + MAX_LINKS + " links");
  }

  private String linked(String from, String target) throws MalformedSourceException {
    Deque<String> path = new ArrayDeque<>(List.of(from.split("/", -1)));
    path.removeLast();
    boolean inside = !target.startsWith("/");
    for (String component : target.split("/", -1)) {
      if (component.equals("..")) {
        inside &= path.pollLast() != null;
      } else if (!component.isEmpty() && !component.equals(".")) {
        path.addLast(component);
      }
    }
    if (!inside) {
      throw new MalformedSourceException(
          name, "'" + from + "' is a link that leads out of the archive");
    }
    return String.join("/", path);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
