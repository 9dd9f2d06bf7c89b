package io.github.ndocker.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A random image: a tree that changes from layer to layer, as tars in all formats. Does what the
 * specification has one answer to, so that every engine must come to the same tree.
 */
public final class RandomLayers {
  private static final String[] NAMES = {
    "a", "b", "c d", "\u00e9\u00ff", "l\n", ".hidden", "n".repeat(90), "z"
  };

  private final Random random;
  private final boolean apart;
  private final TreeMap<String, TestInode> tree = new TreeMap<>();

  /** Symbolic links to directories, and where they lead. */
  private final Map<String, String> aliases = new HashMap<>();

  /** Directories whose time of modification each engine has its own idea of. */
  private final Set<String> untimed = new HashSet<>();

  /** Directories of which the layer has an entry. */
  private final Set<String> described = new HashSet<>();

  /** What the layer hides of those below it. */
  private final Set<String> hidden = new HashSet<>();

  /** The directories below the layer. */
  private Set<String> lower = Set.of();

  /** What has been no directory in some layer. */
  private final Set<String> files = new HashSet<>();

  /** What may not be replaced before the layer ends. */
  private final Set<String> settled = new HashSet<>();

  private final List<byte[]> layers = new ArrayList<>();

  /** Files to which there may be hard links. */
  private final Set<TestInode> linkable = new HashSet<>();

  private FormatTar tar;
  private boolean links;
  private int serial;

  /**
   * An image of some layers.
   *
   * @param apart whether no layer goes through symbolic links of another one, or makes hard links
   *     to its files. Engines that unpack layers apart, to stack them later, know nothing of them.
   */
  public RandomLayers(long seed, int count, boolean apart) {
    this.random = new Random(seed);
    this.apart = apart;
    this.tar = new FormatTar(random);
    tree.put("", TestInode.implicit());
    untimed.add("");
    for (int i = 0; i < count; i++) {
      tar = new FormatTar(random);
      settled.clear();
      described.clear();
      hidden.clear();
      lower = Set.copyOf(directories());
      if (apart) {
        aliases.clear();
        linkable.clear();
      }
      // overlayfs counts the links of a file in its layer, also those that are hidden
      links = !apart || i == count - 1;
      if (i > 0) {
        hide();
      }
      for (int change = 8 + random.nextInt(25); change > 0; change--) {
        change();
      }
      layers.add(tar.builder().finished());
    }
  }

  /** The tars, from the bottom up. */
  public List<byte[]> layers() {
    return List.copyOf(layers);
  }

  /** Whether the time of modification of a path is one that the layers tell. */
  public boolean isTimed(String latinPath) {
    return !untimed.contains(latinPath);
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private List<String> directories() {
    return tree.entrySet().stream()
        .filter(entry -> entry.getValue().type() == '5')
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String join(String parent, String name) {
    return parent.isEmpty() ? name : parent + "/" + name;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isBelow(String path, String directory) {
    return path.equals(directory) || directory.isEmpty() || path.startsWith(directory + "/");
  }

  private void forget(String path, boolean itself) {
    for (String below : new ArrayList<>(tree.tailMap(path).keySet())) {
      if (isBelow(below, path) && (itself || !below.equals(path))) {
        tree.remove(below);
        untimed.remove(below);
        aliases.remove(below);
      }
    }
  }

  private boolean isFree(String path) {
    // containerd fails to make parents in a layer where an even lower one has had a file
    boolean failing =
        apart && files.stream().anyMatch(file -> !file.equals(path) && isBelow(path, file));
    return !failing && settled.stream().noneMatch(kept -> isBelow(kept, path));
  }

  /** Whiteouts and opaque directories, all before what the layer brings. */
  private void hide() {
    for (int i = random.nextInt(5); i > 0; i--) {
      boolean opaque = random.nextInt(3) == 0;
      List<String> choices = opaque ? directories() : new ArrayList<>(tree.keySet());
      String path = any(choices);
      // overlayfs does not look whether the root of a layer is opaque
      if ((path.isEmpty() && (apart || !opaque)) || !isFree(path)) {
        continue;
      }
      if (apart && hidden.stream().anyMatch(whiteout -> isBelow(whiteout, path))) {
        // overlayfs shows a whiteout that it finds in an opaque directory, and containerd cannot
        // hide a directory in which it has hidden something
        continue;
      }
      TestInode file = new TestInode(random, '0', "");
      String place = opaque ? path : parent(path);
      String mark = opaque ? ".wh..wh..opq" : ".wh." + name(path);
      if (mark.length() > 255) {
        continue;
      }
      tar.put(join(alias(place), mark), "", file, '0');
      forget(path, !opaque);
      hidden.add(path);
      touched(place);
    }
  }

  /** The path of a directory, or a symbolic link that leads to it. */
  private String alias(String directory) {
    for (Map.Entry<String, String> link : aliases.entrySet()) {
      boolean leads =
          link.getValue().equals(directory)
              && tree.containsKey(directory)
              && tree.containsKey(link.getKey());
      if (leads && random.nextBoolean()) {
        settled.add(link.getKey());
        settled.add(directory);
        return link.getKey();
      }
    }
    return directory;
  }

  private void change() {
    String place = any(directories());
    if (random.nextInt(6) == 0) {
      // again, with other metadata; its place in the tar does not matter
      TestInode directory = tree.get(place);
      if (!place.isEmpty() && isFree(join(place, "x"))) {
        directory.describe(random);
        tar.put(join(alias(parent(place)), name(place)), "", directory, '5');
        timed(place);
        if (apart) {
          touched(parent(place));
        }
      }
      return;
    }
    String path =
        join(
            place,
            NAMES[random.nextInt(NAMES.length)] + (random.nextInt(3) == 0 ? "" : "" + serial++));
    String through = join(alias(place), name(path));
    if (!isFree(path) || path.length() > 700) {
      return;
    }
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> put(path, through, '0', "");
      case 3, 4, 5 -> putDirectory(path, through);
      case 6 -> putAlias(path, through);
      case 7 -> put(path, through, '2', "../" + "t".repeat(1 + random.nextInt(200)));
      case 8, 9 -> putLink(path, through);
      case 10 -> put(path, through, "346".charAt(random.nextInt(3)), "");
      default -> putBelowNothing(path, through);
    }
  }

  private void put(String path, String through, char type, String target) {
    forget(path, true);
    TestInode inode = new TestInode(random, type, target);
    tree.put(path, inode);
    if (type != '5') {
      files.add(path);
      linkable.add(inode);
    }
    tar.put(through, target, inode, type);
    touched(parent(path));
  }

  private void putDirectory(String path, String through) {
    boolean isThere = tree.containsKey(path) && tree.get(path).type() == '5';
    if (!isThere && mayBeDirectory(path)) {
      put(path, through, '5', "");
      timed(path);
    }
  }

  /**
   * What a layer removes and makes again as a directory is empty. But containerd forgets the first
   * half of that, and overlayfs shows what the layers below had there.
   */
  private boolean mayBeDirectory(String path) {
    return !apart || !lower.contains(path);
  }

  private void putAlias(String path, String through) {
    String target = any(directories());
    if (isBelow(target, path)) {
      return; // it would vanish
    }
    put(path, through, '2', "/" + target);
    aliases.put(path, target);
  }

  private void putLink(String path, String through) {
    List<String> targets =
        tree.entrySet().stream()
            .filter(entry -> linkable.contains(entry.getValue()))
            .map(Map.Entry::getKey)
            .filter(file -> !isBelow(file, path))
            .toList();
    if (targets.isEmpty() || !links) {
      return;
    }
    String target = any(targets);
    TestInode inode = tree.get(target);
    forget(path, true);
    tree.put(path, inode);
    files.add(path);
    if (aliases.containsKey(target)) {
      aliases.put(path, aliases.get(target));
    }
    tar.put(through, random.nextBoolean() ? target : "/" + target, inode, '1');
    touched(parent(path));
  }

  /** A file in directories that no entry names. */
  private void putBelowNothing(String path, String through) {
    // containerd makes no parents where it has put a whiteout
    if (tree.containsKey(path) || !mayBeDirectory(path) || (apart && hidden.contains(path))) {
      return;
    }
    tree.put(path, TestInode.implicit());
    tree.put(join(path, "x"), TestInode.implicit());
    untimed.add(path);
    untimed.add(join(path, "x"));
    String below = "x/" + name(path);
    // umoci sets the time only of the directory in which an entry is, not where it makes parents
    touched(parent(path));
    untimed.add(parent(path));
    put(join(path, below), join(through, below), '0', "");
  }

  private void timed(String directory) {
    settled.add(directory);
    described.add(directory);
    untimed.remove(directory);
  }

  private void touched(String directory) {
    if (!described.contains(directory)) {
      untimed.add(directory);
      if (apart && !directory.isEmpty()) {
        // its parents are made again in the layer
        touched(parent(directory));
      }
    }
  }
}
