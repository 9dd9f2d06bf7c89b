package io.github.ndocker.prediction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.ndocker.api.ImageFiles;
import io.github.ndocker.api.ImageNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks into an image as a process in a container would, with an end: after so many look-ups, so
 * many bytes and so much text of paths and names it finds nothing more. Links are followed inside
 * the image, never out of it. For one thread.
 */
final class ImageView {
  /** As Linux has it. */
  private static final int MAX_LINKS = 40;

  static final int MAX_PATH = 4096;

  private static final int MAX_LOOKUPS = 400_000;
  private static final long MAX_BYTES = 96L << 20;
  private static final int MAX_NAMES = 20_000;

  /** Characters of paths, names and link targets that are kept, with what each text costs. */
  private static final long MAX_KEPT = 64L << 20;

  private static final long TEXT_COST = 32;

  private final ImageFiles files;

  /** By normalised path, with links where they are. */
  private final Map<String, Optional<ImageNode>> nodes = new HashMap<>();

  private final Map<String, List<String>> lists = new HashMap<>();
  private int lookups;
  private long bytes;
  private long kept;

  ImageView(ImageFiles files) {
    this.files = files;
  }

  /**
   * Follows a path.
   *
   * @param path absolute, or relative to the directory
   * @param directory where a relative path begins
   */
  Optional<Located> find(String path, String directory) throws IOException {
    return find(path.startsWith("/") ? path : directory + "/" + path);
  }

  /** Follows an absolute path; anything else is relative to the root directory. */
  Optional<Located> find(String path) throws IOException {
    if (path.length() > MAX_PATH) {
      return Optional.empty();
    }
    Deque<String> rest = new ArrayDeque<>(components(path));
    StringBuilder reached = new StringBuilder();
    Optional<ImageNode> node = lookup("/");
    for (int links = 0; !rest.isEmpty(); ) {
      String name = rest.pop();
      if (name.equals("..")) {
        reached.setLength(Math.max(0, reached.lastIndexOf("/")));
        continue;
      }
      String next = reached + "/" + name;
      node = lookup(next);
      if (node.isEmpty()) {
        return Optional.empty();
      }
      if (node.get().kind() != ImageNode.Kind.LINK) {
        reached.append('/').append(name);
        continue;
      }
      String target = node.get().linkTarget();
      if (++links > MAX_LINKS || rest.size() + target.length() > MAX_PATH) {
        return Optional.empty();
      }
      if (target.startsWith("/")) {
        reached.setLength(0);
      }
      List<String> inserted = components(target);
      for (int i = inserted.size() - 1; i >= 0; i--) {
        rest.push(inserted.get(i));
      }
    }
    String found = reached.length() == 0 ? "/" : reached.toString();
    return lookup(found)
        .filter(last -> last.kind() != ImageNode.Kind.LINK)
        .map(last -> new Located(found, last));
  }

  /** A regular file that a path leads to. */
  Optional<Located> file(String path, String directory) throws IOException {
    return find(path, directory).filter(Located::isFile);
  }

  /** The names in a directory, sorted as the image has them. */
  List<String> list(Located directory) throws IOException {
    List<String> known = lists.get(directory.path());
    if (known != null) {
      return known;
    }
    if (isSpent()) {
      return List.of();
    }
    List<String> names = files.list(directory.path());
    names = List.copyOf(names.subList(0, Math.min(names.size(), MAX_NAMES)));
    lookups += 1 + names.size() / 16;
    kept += TEXT_COST + directory.path().length();
    kept += names.stream().mapToLong(name -> TEXT_COST + name.length()).sum();
    lists.put(directory.path(), names);
    return names;
  }

  /** What a path leads to as a directory, with its names; none if it is no directory. */
  List<String> list(String path) throws IOException {
    Optional<Located> directory = find(path).filter(Located::isDirectory);
    return directory.isEmpty() ? List.of() : list(directory.get());
  }

  /** A part of a file; less of it, or nothing, once enough was read. */
  byte[] read(Located file, long offset, int length) throws IOException {
    int allowed = (int) Math.min(length, MAX_BYTES - bytes);
    if (allowed <= 0 || offset < 0 || !file.isFile()) {
      return new byte[0];
    }
    byte[] part = files.read(file.path(), offset, allowed);
    // each read costs, however little it brings
    bytes += 512 + part.length;
    return part;
  }

  /** The beginning of a file as text, a character for each byte. */
  String text(Located file, int most) throws IOException {
    return new String(read(file, 0, most), ISO_8859_1);
  }

  private Optional<ImageNode> lookup(String path) throws IOException {
    Optional<ImageNode> known = nodes.get(path);
    if (known == null) {
      if (isSpent()) {
        return Optional.empty();
      }
      lookups++;
      known = files.find(path);
      kept += TEXT_COST + path.length() + known.map(ImageNode::linkTarget).orElse("").length();
      nodes.put(path, known);
    }
    return known;
  }

  private boolean isSpent() {
    return lookups >= MAX_LOOKUPS || kept >= MAX_KEPT;
  }

  private static List<String> components(String path) {
    List<String> components = new ArrayList<>();
    for (String component : path.split("/", -1)) {
      if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    return components;
  }
}
