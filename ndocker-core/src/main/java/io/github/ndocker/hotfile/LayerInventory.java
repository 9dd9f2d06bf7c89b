package io.github.ndocker.hotfile;

import io.github.ndocker.api.ImageFiles;
import io.github.ndocker.api.ImageNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one layer brought into an image, of what is still there. For one thread.
 *
 * <p>The databases of Alpine and RPM are one file, of which each layer has a copy, so what they say
 * of one layer cannot be told; files can. Debian has a file for each package.
 */
final class LayerInventory {
  /** More than any image; then what comes later in the tree is not counted. */
  private static final int MAX_NODES = 1_000_000;

  private static final int MAX_PACKAGES = 5_000;
  private static final int MAX_DEPTH = 200;
  private static final String DEBIAN_PACKAGES = "/var/lib/dpkg/info/";

  private final Map<Engine, String> engines = new LinkedHashMap<>();
  private final List<String> packages = new ArrayList<>();

  /** Bytes by the place where they are, as {@link #place} has them. */
  private final Map<String, Long> bytesByPlace = new TreeMap<>();

  private int files;
  private boolean distribution;
  private boolean packageDatabase;

  private LayerInventory() {}

  /**
   * Goes through an image.
   *
   * @return one for each layer, from the bottom up
   */
  static List<LayerInventory> of(ImageFiles image, int layers) throws IOException {
    List<LayerInventory> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      all.add(new LayerInventory());
    }
    record Step(String path, int depth) {}
    Deque<Step> directories = new ArrayDeque<>(List.of(new Step("", 0)));
    for (int nodes = 0; !directories.isEmpty() && nodes < MAX_NODES; ) {
      Step directory = directories.pop();
      for (String name : image.list(directory.path.isEmpty() ? "/" : directory.path)) {
        String path = directory.path + "/" + name;
        Optional<ImageNode> node = image.find(path);
        nodes++;
        if (node.isEmpty() || node.get().layer() >= layers) {
          continue;
        }
        if (node.get().kind() == ImageNode.Kind.DIRECTORY) {
          if (directory.depth < MAX_DEPTH) {
            directories.push(new Step(path, directory.depth + 1));
          }
        } else {
          all.get(node.get().layer()).add(path, node.get());
        }
      }
    }
    return all;
  }

  private void add(String path, ImageNode node) {
    files++;
    if (node.kind() == ImageNode.Kind.FILE) {
      bytesByPlace.merge(place(path), node.size(), Long::sum);
      if (node.size() > 0 && node.executable()) {
        Engines.ofProgram(path).ifPresent(engine -> engines.putIfAbsent(engine, path));
      }
    }
    if (path.startsWith(DEBIAN_PACKAGES) && path.endsWith(".list")) {
      String name = path.substring(DEBIAN_PACKAGES.length(), path.length() - ".list".length());
      if (packages.size() < MAX_PACKAGES) {
        packages.add(name.split(":", 2)[0]);
      }
    }
    distribution |= path.equals("/etc/os-release") || path.equals("/usr/lib/os-release");
    packageDatabase |=
        path.equals("/lib/apk/db/installed")
            || path.equals("/usr/lib/apk/db/installed")
            || path.startsWith("/var/lib/rpm/")
            || path.startsWith("/usr/lib/sysimage/rpm/")
            || path.startsWith("/var/lib/dpkg/status");
  }

  private static String place(String path) {
    if (path.startsWith("/etc/") || path.startsWith("/var/") || path.startsWith("/run/")) {
      return "settings";
    }
    boolean system =
        !path.startsWith("/usr/local/")
            && !path.startsWith("/usr/src/")
            && path.matches("/(usr|lib|lib64|bin|sbin|lib32|boot)/.*");
    return system ? "system" : "own";
  }

  /** Whether it brought nothing but directories. */
  boolean isEmpty() {
    return files == 0;
  }

  int files() {
    return files;
  }

  long bytes() {
    return bytesByPlace.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes outside of the directories of the system and of settings. */
  long ownBytes() {
    return bytesByPlace.getOrDefault("own", 0L);
  }

  /** Bytes in the directories of the system. */
  long systemBytes() {
    return bytesByPlace.getOrDefault("system", 0L);
  }

  /** Engines whose programs it brought, with the paths of these. */
  Map<Engine, String> engines() {
    return engines;
  }

  /** Packages of Debian that it brought or renewed. */
  List<String> packages() {
    return packages;
  }

  /** Whether it says which distribution this is. */
  boolean isDistribution() {
    return distribution;
  }

  /** Whether it changed the database of a package manager, so that one ran. */
  boolean hasPackageDatabase() {
    return packageDatabase;
  }
}
