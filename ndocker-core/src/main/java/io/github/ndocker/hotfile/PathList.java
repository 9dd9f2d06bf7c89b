package io.github.ndocker.hotfile;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hot files as a person writes them down: one absolute path a line, with {@code *}, {@code ?} and
 * {@code **} as wildcards; empty lines and those that begin with {@code #} are passed over. Each
 * file is hot as a whole. Immutable.
 */
public final class PathList {
  /** As many as a document of a profile may have. */
  private static final int MAX_CHARACTERS = 64 << 20;

  private static final int MAX_LINES = 1_000_000;
  private static final int MAX_PATTERNS = 1_000;
  private static final int MAX_LINE = 4096;

  /** Characters that are compared at most, a second or two. */
  private static final long MAX_STEPS = 1L << 30;

  private record Line(int number, String text) {}

  private final List<Line> lines;

  private PathList(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * Reads a list.
   *
   * @param text lines
   * @return the list
   * @throws MalformedProfileException if a line is not absolute, has a component {@code .} or
   *     {@code ..}, or is too long, or there are too many, or too many characters in all
   */
  public static PathList parse(String text) throws MalformedProfileException {
    if (text.length() > MAX_CHARACTERS) {
      throw new MalformedProfileException(
          "a list of paths of "
              + text.length()
              + " characters; at most "
              + MAX_CHARACTERS
              + " are read, so list fewer files, or use wildcards");
    }
    List<Line> lines = new ArrayList<>();
    int number = 0;
    int patterns = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String slashed = line + "/";
      if (!line.startsWith("/")
          || line.length() > MAX_LINE
          || slashed.contains("/../")
          || slashed.contains("/./")) {
        throw malformed(number, line, "is not an absolute path without '.' and '..'");
      }
      patterns += new PathPattern(line).hasWildcards() ? 1 : 0;
      lines.add(new Line(number, line));
      if (patterns > MAX_PATTERNS || lines.size() > MAX_LINES) {
        throw malformed(number, line, "is one too many; list the files, or fewer");
      }
    }
    return new PathList(lines);
  }

  /**
   * Finds the files in an image.
   *
   * @param tree the image; symbolic links on the way of a path without wildcards are followed
   * @param origins reads its files
   * @param image its chain ID
   * @param workload a name for the profile
   * @return a profile of one run that read all of them, in the order of the lines
   * @throws MalformedProfileException if a path without wildcards is no file of the image, nothing
   *     matches at all, or that would take too long
   * @throws IOException if a layer cannot be read
   */
  public Profile match(MergedTree tree, FileOrigins origins, ChainId image, String workload)
      throws IOException {
    Map<String, Inode> found = new LinkedHashMap<>();
    long[] steps = {0};
    for (Line line : lines) {
      PathPattern pattern = new PathPattern(line.text());
      if (pattern.hasWildcards()) {
        search(line, pattern, tree, found, steps);
      } else {
        LinkedPath linked = new LinkedPath(tree);
        Optional<Inode> inode = linked.find(pattern.path());
        if (inode.isEmpty() || inode.get().type() != EntryType.REGULAR) {
          throw malformed(line.number(), line.text(), "is no file of the image");
        }
        found.putIfAbsent(linked.path(), inode.get());
      }
    }
    if (found.isEmpty()) {
      throw new MalformedProfileException("no file of the image is in the list of paths");
    }
    List<ProfiledFile> files = new ArrayList<>();
    for (Map.Entry<String, Inode> file : found.entrySet()) {
      long size = file.getValue().size();
      List<ByteRange> whole = size == 0 ? List.of() : List.of(new ByteRange(0, size));
      files.add(
          ProfiledFile.ofOneRun(new HotFile(file.getKey(), whole), origins.of(file.getValue())));
    }
    return new Profile(image, workload, 1, List.of(), List.of(), files, List.of(), List.of());
  }

  private static void search(
      Line line, PathPattern pattern, MergedTree tree, Map<String, Inode> found, long[] steps)
      throws MalformedProfileException {
    String directory = pattern.directory();
    Optional<TreeNode> below = tree.find(directory);
    if (below.isEmpty()) {
      return;
    }
    MergedTree.walk(
        ByteString.utf8(directory.isEmpty() ? "" : directory.substring(1)),
        below.get(),
        (path, node) -> {
          if (node.inode().type() != EntryType.REGULAR) {
            return;
          }
          String name = "/" + path;
          steps[0] += pattern.steps(name.length());
          if (steps[0] > MAX_STEPS) {
            throw malformed(line.number(), line.text(), "takes too long to match");
          }
          if (pattern.matches(name)) {
            found.putIfAbsent(name, node.inode());
          }
        });
  }

  private static MalformedProfileException malformed(int number, String line, String what) {
    String shown = line.length() <= 100 ? line : line.substring(0, 100) + "...";
    return new MalformedProfileException("line " + number + ", '" + shown + "', " + what);
  }
}
