package io.github.ndocker.erofs;

import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Compares two trees: names, types, modes, owners, times of modification to the nanosecond, link
 * targets, link counts and which names are one file, device numbers, extended attributes, contents.
 */
public final class TreeComparison {
  private static final int MAX_DIFFERENCES = 50;
  private static final int BUFFER = 1 << 17;

  private final Predicate<String> timeMatters;
  private final List<String> differences = new ArrayList<>();

  /** What the first name of a file is in the other tree. */
  private final Map<Object, TreeEntry> firstNames = new HashMap<>();

  private final byte[] leftBytes = new byte[BUFFER];
  private final byte[] rightBytes = new byte[BUFFER];
  private long files;

  private TreeComparison(Predicate<String> timeMatters) {
    this.timeMatters = timeMatters;
  }

  /** What was found; differences beyond the first few are not looked for. */
  public record Result(long files, List<String> differences) {}

  /** Compares all of two directories of this machine. */
  public static Result compare(Path expected, Path actual) throws IOException {
    return compare(new DiskEntry(expected), new DiskEntry(actual), path -> true);
  }

  /**
   * Compares two directories of this machine, as {@link #compare(TreeEntry, TreeEntry, Predicate)}
   * does.
   */
  public static Result compare(Path expected, Path actual, Predicate<String> timeMatters)
      throws IOException {
    return compare(new DiskEntry(expected), new DiskEntry(actual), timeMatters);
  }

  /**
   * Compares everything, but times only where they matter.
   *
   * @param timeMatters takes ISO 8859-1 paths from the root: "", "etc", "etc/passwd"
   */
  public static Result compare(TreeEntry expected, TreeEntry actual, Predicate<String> timeMatters)
      throws IOException {
    TreeComparison comparison = new TreeComparison(timeMatters);
    comparison.run(expected, actual);
    return new Result(comparison.files, List.copyOf(comparison.differences));
  }

  private void run(TreeEntry expected, TreeEntry actual) throws IOException {
    record Pair(TreeEntry left, TreeEntry right, String path) {}
    Deque<Pair> pairs = new ArrayDeque<>();
    pairs.push(new Pair(expected, actual, ""));
    while (!pairs.isEmpty() && differences.size() < MAX_DIFFERENCES) {
      Pair pair = pairs.pop();
      files++;
      if (!compareOne(pair.left, pair.right, pair.path)) {
        continue;
      }
      Map<String, TreeEntry> left = pair.left.children();
      Map<String, TreeEntry> right = pair.right.children();
      for (Map.Entry<String, TreeEntry> child : left.entrySet()) {
        TreeEntry other = right.remove(child.getKey());
        String path = (pair.path.isEmpty() ? "" : pair.path + "/") + child.getKey();
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
  private boolean compareOne(TreeEntry left, TreeEntry right, String path) throws IOException {
    TreeEntry.Attributes a = left.attributes();
    TreeEntry.Attributes b = right.attributes();
    differ(path, "mode", Integer.toOctalString(a.mode()), Integer.toOctalString(b.mode()));
    differ(path, "uid", a.uid(), b.uid());
    differ(path, "gid", a.gid(), b.gid());
    differ(path, "device", a.device(), b.device());
    if (timeMatters.test(path)) {
      differ(path, "time", time(a), time(b));
    }
    differ(path, "xattrs", left.xattrs(), right.xattrs());
    if (a.type() != b.type()) {
      return false;
    }
    if (a.isDirectory()) {
      return true;
    }
    // not every file system counts the subdirectories of a directory
    differ(path, "links", a.links(), b.links());
    if (a.links() > 1) {
      compareIdentity(left, right, path);
    }
    if (a.type() == EntryType.SYMLINK.fileType()) {
      differ(path, "target", left.target(), right.target());
    } else if (a.type() == EntryType.REGULAR.fileType()) {
      differ(path, "size", a.size(), b.size());
      compareContents(left, right, path);
    }
    return false;
  }

  private static String time(TreeEntry.Attributes attributes) {
    return String.format("%d.%09d", attributes.seconds(), attributes.nanos());
  }

  private void differ(String path, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      differences.add("'" + path + "': " + what + " " + expected + ", found " + found);
    }
  }

  private void compareIdentity(TreeEntry left, TreeEntry right, String path) throws IOException {
    TreeEntry first = firstNames.putIfAbsent(left.identity(), right);
    if (first != null && !first.identity().equals(right.identity())) {
      differences.add("'" + path + "' is not the same file as " + first);
    }
  }

  private void compareContents(TreeEntry left, TreeEntry right, String path) throws IOException {
    try (InputStream expected = left.open();
        InputStream found = right.open()) {
      for (long at = 0; ; at += BUFFER) {
        int a = expected.readNBytes(leftBytes, 0, BUFFER);
        int b = found.readNBytes(rightBytes, 0, BUFFER);
        int mismatch = Arrays.mismatch(leftBytes, 0, a, rightBytes, 0, b);
        if (mismatch >= 0) {
          differences.add("'" + path + "': contents differ at " + (at + mismatch));
        }
        if (mismatch >= 0 || a < BUFFER) {
          return;
        }
      }
    }
  }
}
