package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Configuration files of any kind: what looks like a path in them, and leads to a file, is read
 * too, and searched in turn. Paths may be relative to the file's directory, to the one above, or to
 * directories that the program knows, and may be patterns. For one thread.
 */
final class Configuration {
  private static final int MAX_LENGTH = 128 << 10;
  private static final int MAX_WORDS = 4_000;

  /** Programs, data and text for people. */
  private static final Pattern NO_CONFIGURATION =
      Pattern.compile(
          "/usr/share/(?:zoneinfo|doc|man|locale)/.*|.*\\.(?:go|py|rb|js|pl|pm|php|java|c|h|s|sql|html|txt"
              + "|pem|crt)");

  private static final Pattern PATH = Pattern.compile("/.*+|.*[*].*+|.*\\.[A-Za-z][\\w-]*+");

  private static final int MAX_DEPTH = 6;
  private static final int MAX_BASES = 40;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_./*?@+~-]{4,300}+");

  /** Written out, without text for people, it is what programs read. */
  private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*+(?:#|//|;|--).*+$");

  private final StartScan scan;
  private final List<String> bases;
  private final Certainty certainty;

  Configuration(StartScan scan, List<String> bases, Certainty certainty) {
    this.scan = scan;
    this.bases = bases.subList(0, Math.min(bases.size(), MAX_BASES));
    this.certainty = certainty;
  }

  void read(Located file) throws IOException {
    read(file, 0);
  }

  private void read(Located file, int depth) throws IOException {
    if (depth > MAX_DEPTH
        || file.node().size() > MAX_LENGTH
        || NO_CONFIGURATION.matcher(file.path()).matches()
        || !scan.maySearch()
        || !scan.first("configuration " + file.path())) {
      return;
    }
    String text = scan.view().text(file, MAX_LENGTH);
    if (text.indexOf('\0') >= 0) {
      return;
    }
    Matcher word = WORD.matcher(COMMENT.matcher(text).replaceAll(""));
    for (int words = 0; words < MAX_WORDS && word.find() && scan.maySearch(); words++) {
      String path = word.group();
      if (PATH.matcher(path).matches()) {
        for (Located named : named(path, file)) {
          scan.read(named, certainty.and(Certainty.LIKELY));
          read(named, depth + 1);
        }
      }
    }
  }

  private List<Located> named(String path, Located file) throws IOException {
    List<String> places = new ArrayList<>();
    if (path.startsWith("/")) {
      places.add("/");
    } else if (path.startsWith(".") && !path.startsWith("./") && !path.startsWith("../")) {
      return List.of();
    } else {
      places.add(file.directory());
      places.add(Located.parent(file.directory()));
      places.addAll(bases);
    }
    for (String place : places) {
      if (!scan.maySearch()) {
        return List.of();
      }
      if (path.indexOf('*') >= 0) {
        List<Located> matches =
            path.startsWith("*") ? List.of() : Globs.expand(scan.view(), path, place);
        if (!matches.isEmpty()) {
          return matches;
        }
      } else {
        Optional<Located> one = scan.view().file(path, place);
        if (one.isPresent() && !one.get().path().equals(file.path())) {
          return List.of(one.get());
        }
      }
    }
    return List.of();
  }
}
