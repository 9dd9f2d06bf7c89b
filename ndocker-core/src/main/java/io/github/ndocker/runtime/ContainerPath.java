package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Paths inside a container, as a host or an image writes them. */
final class ContainerPath {
  /** {@code PATH_MAX} has room for a NUL. */
  private static final int MAX_BYTES = 4095;

  private static final List<String> OF_THE_KERNEL = List.of("/proc", "/sys", "/dev");

  private ContainerPath() {}

  /**
   * The same path without what says nothing: empty components, {@code .}, a slash at the end.
   *
   * @throws IllegalArgumentException if it is not absolute, has {@code ..} or a NUL, or is too long
   */
  static String normalized(String what, String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(what + " '" + shown(path) + "' is not absolute");
    }
    if (path.indexOf('\0') >= 0 || path.getBytes(UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " '" + shown(path) + "' has a NUL or more than " + MAX_BYTES + " bytes");
    }
    List<String> components = new ArrayList<>();
    for (String component : path.split("/", -1)) {
      if (component.equals("..")) {
        // what it leads to depends on links of the image: nobody could say what is meant
        throw new IllegalArgumentException(what + " '" + shown(path) + "' has '..' in it");
      }
      if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    return "/" + String.join("/", components);
  }

  /** As {@link #normalized}, for something to be mounted there: not the root itself. */
  static String mountPoint(String what, String path) {
    String normalized = normalized(what, path);
    if (normalized.equals("/")) {
      throw new IllegalArgumentException(what + " is the root of the container");
    }
    return normalized;
  }

  /** Whether a path is one that the kernel fills, or below one. */
  static boolean isOfTheKernel(String normalized) {
    return OF_THE_KERNEL.stream()
        .anyMatch(root -> normalized.equals(root) || normalized.startsWith(root + "/"));
  }

  /** How many components a path has: what is mounted on fewer goes first. */
  static int depth(String normalized) {
    return (int) normalized.chars().filter(c -> c == '/').count();
  }

  private static String shown(String path) {
    return (path.length() > 100 ? path.substring(0, 100) + "..." : path).replace('\0', '?');
  }
}
