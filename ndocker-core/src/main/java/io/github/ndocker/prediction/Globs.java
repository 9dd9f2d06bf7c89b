package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Patterns of paths as shells have them, with {@code *} and {@code ?} in any component. */
final class Globs {
  private static final int MAX_MATCHES = 2_000;
  private static final int MAX_COMPONENTS = 64;

  private Globs() {}

  /** The files that a pattern matches; the file itself if it is none. */
  static List<Located> expand(ImageView view, String pattern, String directory) throws IOException {
    List<Located> files = new ArrayList<>();
    for (String path : paths(view, pattern, directory)) {
      Optional<Located> file = view.file(path, "/");
      file.ifPresent(files::add);
    }
    return files;
  }

  /** The directories that an absolute pattern matches. */
  static List<String> directories(ImageView view, String pattern) throws IOException {
    List<String> directories = new ArrayList<>();
    for (String path : paths(view, pattern, "/")) {
      if (view.find(path).filter(Located::isDirectory).isPresent()) {
        directories.add(path);
      }
    }
    return directories;
  }

  private static List<String> paths(ImageView view, String pattern, String directory)
      throws IOException {
    String absolute = pattern.startsWith("/") ? pattern : directory + "/" + pattern;
    // nothing is found under longer paths, and each match would have another one
    if (absolute.length() > ImageView.MAX_PATH) {
      return List.of();
    }
    List<String> paths = List.of("");
    String[] components = absolute.split("/", MAX_COMPONENTS);
    for (String component : components) {
      if (component.isEmpty()) {
        continue;
      }
      List<String> next = new ArrayList<>();
      for (String path : paths) {
        if (component.indexOf('*') < 0 && component.indexOf('?') < 0) {
          next.add(path + "/" + component);
          continue;
        }
        for (String name : view.list(path + "/")) {
          if (next.size() < MAX_MATCHES
              && name.startsWith(".") == component.startsWith(".")
              && matches(component, name)) {
            next.add(path + "/" + name);
          }
        }
      }
      paths = next;
    }
    return paths;
  }

  /** Whether a name is what a pattern says; in time that the product of their lengths bounds. */
  static boolean matches(String pattern, String name) {
    int star = -1;
    int resume = 0;
    int p = 0;
    for (int n = 0; n < name.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
