package io.github.ndocker.hotfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.ndocker.api.ImageFiles;
import io.github.ndocker.api.ImageNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An image of files that a test has made; missing directories are there. Counts what is read. */
public final class MemoryImage implements ImageFiles {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(ImageNode node, byte[] bytes) {}

  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private int layer;
  private long bytesRead;
  private final Map<String, Long> bytesReadOf = new HashMap<>();

  public MemoryImage() {
    put("/", ImageNode.Kind.DIRECTORY, new byte[0], "");
  }

  /** What is added from here on belongs to the next layer. */
  public MemoryImage nextLayer() {
    layer++;
    return this;
  }

  public MemoryImage file(String path, String text) {
    return file(path, text.getBytes(ISO_8859_1));
  }

  public MemoryImage file(String path, byte[] bytes) {
    put(path, ImageNode.Kind.FILE, bytes, "");
    return this;
  }

  public MemoryImage directory(String path) {
    put(path, ImageNode.Kind.DIRECTORY, new byte[0], "");
    return this;
  }

  public MemoryImage link(String path, String target) {
    put(path, ImageNode.Kind.LINK, new byte[0], target);
    return this;
  }

  private void put(String path, ImageNode.Kind kind, byte[] bytes, String target) {
    int slash = path.lastIndexOf('/');
    if (slash > 0 && !entries.containsKey(path.substring(0, slash))) {
      put(path.substring(0, slash), ImageNode.Kind.DIRECTORY, new byte[0], "");
    }
    ImageNode node = new ImageNode(kind, bytes.length, true, target, entries.size(), layer);
    entries.put(path, new Entry(node, bytes));
  }

  /** How many bytes were asked for in all. */
  public long bytesRead() {
    return bytesRead;
  }

  /** How many bytes of a file were asked for in all, each as often as it was. */
  public long bytesReadOf(String path) {
    return bytesReadOf.getOrDefault(path, 0L);
  }

  @Override
  public Optional<ImageNode> find(String path) {
    return Optional.ofNullable(entries.get(path)).map(Entry::node);
  }

  @Override
  public List<String> list(String path) {
    String prefix = path.equals("/") ? "/" : path + "/";
    Map<String, Entry> below = entries.subMap(prefix, prefix + Character.MAX_VALUE);
    return below.keySet().stream()
        .map(name -> name.substring(prefix.length()))
        .filter(name -> !name.isEmpty() && name.indexOf('/') < 0)
        .toList();
  }

  @Override
  public byte[] read(String path, long offset, int length) {
    Entry entry = entries.get(path);
    if (entry == null || offset >= entry.bytes.length) {
      return new byte[0];
    }
    int end = (int) Math.min(entry.bytes.length, offset + length);
    bytesRead += end - offset;
    bytesReadOf.merge(path, end - offset, Long::sum);
    return Arrays.copyOfRange(entry.bytes, (int) offset, end);
  }

  @Override
  public long bytes() {
    return entries.values().stream().mapToLong(entry -> entry.bytes.length).sum();
  }
}
