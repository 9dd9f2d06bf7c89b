package io.github.ndocker.erofs;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Compares two directories of this machine with all below them: names, types, modes, owners, times
 * of modification to the nanosecond, link targets, link counts and which names are one file, device
 * numbers, extended attributes, contents. Works with names that are no text.
 */
public final class TreeComparison {
  private static final int MAX_DIFFERENCES = 50;

  private final Predicate<String> timeMatters;
  private final List<String> differences = new ArrayList<>();
  private final Map<Object, Path> firstNames = new TreeMap<>();
  private long files;

  /** The calls Java has no name for. */
  private interface Xattrs extends Library {
    Xattrs C = Native.load("c", Xattrs.class);

    long llistxattr(byte[] path, byte[] list, long size);

    long lgetxattr(byte[] path, byte[] name, byte[] value, long size);
  }

  private TreeComparison(Predicate<String> timeMatters) {
    this.timeMatters = timeMatters;
  }

  /** What was found. */
  public record Result(long files, List<String> differences) {}

  /** Compares everything. */
  public static Result compare(Path expected, Path actual) throws IOException {
    return compare(expected, actual, path -> true);
  }

  /**
   * Compares everything, but times only where they matter.
   *
   * @param timeMatters takes percent-encoded paths from the root: "/", "/etc/", "/etc/passwd"
   */
  public static Result compare(Path expected, Path actual, Predicate<String> timeMatters)
      throws IOException {
    TreeComparison comparison = new TreeComparison(timeMatters);
    comparison.run(expected, actual);
    return new Result(comparison.files, List.copyOf(comparison.differences));
  }

  private void run(Path expected, Path actual) throws IOException {
    record Pair(Path left, Path right, String path) {}
    Deque<Pair> pairs = new ArrayDeque<>();
    pairs.push(new Pair(expected, actual, "/"));
    while (!pairs.isEmpty() && differences.size() < MAX_DIFFERENCES) {
      Pair pair = pairs.pop();
      files++;
      if (!compareOne(pair.left, pair.right, pair.path)) {
        continue;
      }
      Map<String, Path> left = list(pair.left);
      Map<String, Path> right = list(pair.right);
      for (Map.Entry<String, Path> child : left.entrySet()) {
        Path other = right.remove(child.getKey());
        String path = (pair.path.endsWith("/") ? pair.path : pair.path + "/") + child.getKey();
        if (other == null) {
          differences.add(path + " is missing");
        } else {
          pairs.push(new Pair(child.getValue(), other, path));
        }
      }
      right.keySet().forEach(name -> differences.add(pair.path + " has " + name + " besides"));
    }
  }

  /** Compares two files; true if both are directories. */
  private boolean compareOne(Path left, Path right, String path) throws IOException {
    Map<String, Object> a = attributes(left);
    Map<String, Object> b = attributes(right);
    int type = (int) a.get("mode") & 0170000;
    for (String name : List.of("mode", "uid", "gid", "rdev", "nlink", "lastModifiedTime")) {
      boolean matters =
          switch (name) {
            case "lastModifiedTime" -> timeMatters.test(path);
            // not every file system counts the subdirectories of a directory
            case "nlink" -> type != 0040000;
            default -> true;
          };
      if (matters && !a.get(name).equals(b.get(name))) {
        differences.add(
            path
                + ": "
                + name
                + " "
                + text(name, a.get(name))
                + ", found "
                + text(name, b.get(name)));
      }
    }
    if (!xattrs(left).equals(xattrs(right))) {
      differences.add(path + ": xattrs " + xattrs(left) + ", found " + xattrs(right));
    }
    if (type != ((int) b.get("mode") & 0170000)) {
      return false;
    }
    if (type == 0120000) {
      String target = Files.readSymbolicLink(left).toUri().getRawPath();
      String found = Files.readSymbolicLink(right).toUri().getRawPath();
      if (!target.equals(found)) {
        differences.add(path + ": leads to " + target + ", found " + found);
      }
    }
    if ((int) a.get("nlink") > 1 && type != 0040000) {
      compareIdentity(a.get("ino"), right, path);
    }
    if (type == 0100000) {
      long at =
          a.get("size").equals(b.get("size")) ? Files.mismatch(left, right) : (long) a.get("size");
      if (at >= 0) {
        differences.add(path + ": contents differ at " + at);
      }
    }
    return type == 0040000;
  }

  private void compareIdentity(Object inode, Path right, String path) throws IOException {
    Path first = firstNames.putIfAbsent(inode, right);
    if (first != null && !attributes(first).get("ino").equals(attributes(right).get("ino"))) {
      differences.add(path + " is not the same file as " + first);
    }
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(
        path, "unix:mode,uid,gid,rdev,nlink,lastModifiedTime,ino,size", LinkOption.NOFOLLOW_LINKS);
  }

  private static String text(String name, Object value) {
    return name.equals("mode") ? Integer.toOctalString((int) value) : value.toString();
  }

  private static Map<String, Path> list(Path directory) throws IOException {
    Map<String, Path> children = new TreeMap<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path child : stream) {
        String uri = rawPath(child);
        children.put(uri.substring(uri.lastIndexOf('/') + 1), child);
      }
    }
    return children;
  }

  /** The bytes of a path, percent-encoded, without the slash that marks directories. */
  private static String rawPath(Path path) {
    String uri = path.toUri().getRawPath();
    return uri.length() > 1 && uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  private static Map<String, String> xattrs(Path path) {
    byte[] name = zeroTerminated(rawPath(path));
    byte[] list = new byte[1 << 16];
    long size = Xattrs.C.llistxattr(name, list, list.length);
    Map<String, String> xattrs = new TreeMap<>();
    int from = 0;
    for (int to = 0; to < size; to++) {
      if (list[to] == 0) {
        byte[] key = Arrays.copyOfRange(list, from, to + 1);
        byte[] value = new byte[1 << 16];
        long length = Xattrs.C.lgetxattr(name, key, value, value.length);
        xattrs.put(
            new String(key, 0, to - from, StandardCharsets.UTF_8),
            length < 0
                ? "unreadable"
                : HexFormat.of().formatHex(Arrays.copyOf(value, (int) length)));
        from = to + 1;
      }
    }
    return xattrs;
  }

  private static byte[] zeroTerminated(String percentEncoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < percentEncoded.length(); i++) {
      char octet = percentEncoded.charAt(i);
      if (octet == '%') {
        bytes.write(HexFormat.fromHexDigits(percentEncoded, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(octet);
      }
    }
    bytes.write(0);
    return bytes.toByteArray();
  }
}
