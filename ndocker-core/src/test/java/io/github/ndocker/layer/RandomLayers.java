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

  /** PATH_MAX of Linux is 4,096 with a NUL. */
  private static final int LONGEST_TARGET = 4095;

  private final Random random;
  private final LayerReader reader;
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
   * @param reader for whom
   */
  public RandomLayers(long seed, int count, LayerReader reader) {
    this.random = new Random(seed);
    this.reader = reader;
    this.apart = reader == LayerReader.APART;
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

  /** What the layers come to, with times that no layer tells in 1970. */
  public TreeEntry model() {
    return ModelEntry.of(tree);
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
      if (!opaque) {
        // to overlayfs a whiteout is a file
        files.add(path);
      }
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
        if (reader == LayerReader.OURS) {
          directory.anyTime(random);
        }
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
            reader == LayerReader.OURS && random.nextInt(3) == 0
                ? anyName()
                : NAMES[random.nextInt(NAMES.length)]
                    + (random.nextInt(3) == 0 ? "" : "" + serial++));
    String through = join(alias(place), name(path));
    if (!isFree(path) || path.length() > 700) {
      return;
    }
    switch (random.nextInt(reader == LayerReader.OURS ? 16 : 12)) {
      case 0, 1, 2 -> put(path, through, '0', "");
      case 3, 4, 5 -> putDirectory(path, through);
      case 6 -> putAlias(path, through);
      case 7 -> put(path, through, '2', "../" + "t".repeat(1 + random.nextInt(200)));
      case 8, 9 -> putLink(path, through);
      case 10 -> put(path, through, "346".charAt(random.nextInt(3)), "");
      case 11 -> putBelowNothing(path, through);
      case 12 -> put(path, through, '2', anyBytes(1 + random.nextInt(LONGEST_TARGET)));
      case 13 -> putManyLinks(path);
      default -> putSparse(path, through);
    }
  }

  /** Bytes that are no text, without NUL. */
  private String anyBytes(int length) {
    StringBuilder bytes = new StringBuilder();
    while (bytes.length() < length) {
      bytes.append((char) (1 + random.nextInt(255)));
    }
    return bytes.toString();
  }

  private String anyName() {
    String name = anyBytes(1 + random.nextInt(random.nextBoolean() ? 8 : 255)).replace('/', '|');
    return name.startsWith(".") ? "_" + name.substring(1) : name;
  }

  private void putSparse(String path, String through) {
    forget(path, true);
    SparseTar.Form[] forms = SparseTar.Form.values();
    TestInode inode = TestInode.sparse(random, SparseTar.File.random(random), any(List.of(forms)));
    place(path, inode);
    tar.put(through, "", inode, '0');
    touched(parent(path));
  }

  /** So many that some directories have several blocks of them. */
  private void putManyLinks(String path) {
    for (int i = random.nextInt(200); i > 0; i--) {
      String next = path + "-" + i;
      if (isFree(next) && name(next).length() <= 255) {
        putLink(next, next);
      }
    }
  }

  private void put(String path, String through, char type, String target) {
    forget(path, true);
    TestInode inode = new TestInode(random, type, target);
    if (reader == LayerReader.OURS) {
      inode.exaggerate(random);
    }
    place(path, inode);
    tar.put(through, target, inode, type);
    touched(parent(path));
  }

  private void place(String path, TestInode inode) {
    tree.put(path, inode);
    if (inode.type() != '5') {
      files.add(path);
      linkable.add(inode);
    }
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
    // containerd makes no parents where it has put a whiteout, or where a layer has had a file
    boolean failing = apart && (hidden.contains(path) || files.contains(path));
    if (tree.containsKey(path) || !mayBeDirectory(path) || failing) {
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
