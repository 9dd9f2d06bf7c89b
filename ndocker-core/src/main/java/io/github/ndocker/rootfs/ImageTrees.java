package io.github.ndocker.rootfs;

import io.github.ndocker.linux.Mounts;
import io.github.ndocker.store.NamedLocks;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounted trees of images. One mount serves all root filesystems of an image, so that they
 * share its page cache; the last one ends it. Thread-safe.
 *
 * <pre>
 * ID/boot, ID/key, ID/way, ID/source   what is mounted
 * ID/tree                              where
 * </pre>
 */
final class ImageTrees {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTrees.class);
  private static final String TREE = "tree";
  private static final String KEY = "key";
  private static final String WAY = "way";
  private static final String SOURCE = "source";

  /** In the keys of mounts that may not read ahead. */
  private static final String NO_READ_AHEAD = " without read-ahead";

  private final Path directory;
  private final TreeWays ways;
  private final NamedLocks<String> keys = new NamedLocks<>();

  /** By key; changed while the key is locked, and read under this object's lock. */
  private final Map<String, Mounted> mounted = new HashMap<>();

  /** Those of earlier processes, by ID; while the provider is opened, by one thread. */
  private final Map<String, Mounted> found = new HashMap<>();

  /** How many mounts show an unpacked tree, or may come to, by its name. */
  private final Map<String, Integer> shown = new HashMap<>();

  ImageTrees(Path directory, TreeWays ways) throws IOException {
    this.directory = PrivateDirectory.create(directory);
    this.ways = ways;
  }

  /** A mounted tree. */
  private static final class Mounted {
    private final String key;
    private final String source;
    private final RootfsWay way;
    private final MountDirectory place;

    /** What its root directory is, while it is mounted. */
    private final Object identity;

    private int users;

    Mounted(String key, String source, RootfsWay way, MountDirectory place) throws IOException {
      this.key = key;
      this.source = source;
      this.way = way;
      this.place = place;
      this.identity = identity(place);
    }

    private static Object identity(MountDirectory place) throws IOException {
      Object key = Files.readAttributes(place.file(TREE), BasicFileAttributes.class).fileKey();
      return key == null ? place : key;
    }

    /** Somebody else may have unmounted it. */
    boolean isStillThere() {
      try {
        return identity.equals(identity(place));
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** A root filesystem's share in a mounted tree. Closing it twice is harmless. */
  final class Use implements Closeable {
    private final Mounted tree;
    private boolean closed;

    private Use(Mounted tree) {
      this.tree = tree;
    }

    Path path() {
      return tree.place.file(TREE);
    }

    /** The name that {@link #find} knows it by. */
    String id() {
      return tree.place.name();
    }

    RootfsWay way() {
      return tree.way;
    }

    @Override
    public synchronized void close() throws IOException {
      if (!closed) {
        release(tree);
        closed = true;
      }
    }
  }

  /** Mounts a tree, or takes a share in its mount. */
  Use use(ErofsSource source, boolean own, SuperblockListener listener) throws IOException {
    String key = own ? "own " + UUID.randomUUID() : key(source);
    try (NamedLocks<String>.Held held = keys.lock(key)) {
      Optional<Mounted> present = get(key).filter(this::isUsable);
      Mounted tree = present.isPresent() ? present.get() : mount(key, source, listener);
      tree.users++;
      put(tree);
      return new Use(tree);
    }
  }

  /** The keys of an image's mounts that may not read ahead and are not one root filesystem's. */
  synchronized List<String> keysWithoutReadAhead(String source) {
    return mounted.values().stream()
        .filter(tree -> tree.source.equals(source) && tree.way != RootfsWay.DIRECTORIES)
        .map(tree -> tree.key)
        .filter(key -> key.contains(NO_READ_AHEAD))
        .toList();
  }

  /** Takes a share in what is mounted, if it still is. */
  Optional<Use> share(String key) {
    try (NamedLocks<String>.Held held = keys.lock(key)) {
      Optional<Mounted> tree = get(key).filter(Mounted::isStillThere);
      tree.ifPresent(present -> present.users++);
      return tree.map(Use::new);
    }
  }

  private boolean isUsable(Mounted tree) {
    if (!tree.isStillThere()) {
      LOG.warn("{} is not mounted any more; it is mounted again", tree.place.path());
      return false;
    }
    // an earlier process may have been told other ways
    return ways.allow(tree.way);
  }

  /**
   * What makes two sources one superblock: the same files, not only their names, because a repair
   * writes them again.
   */
  private static String key(ErofsSource source) throws IOException {
    Map<String, Object> file = Files.readAttributes(source.metadata(), "unix:ino,lastModifiedTime");
    StringBuilder key =
        new StringBuilder(source.metadata().getFileName() + " ")
            .append(file.get("ino"))
            .append(' ')
            .append(file.get("lastModifiedTime"))
            .append(source.readAhead() ? "" : NO_READ_AHEAD);
    for (Path device : source.devices()) {
      // not its time, which changes in a heap
      key.append(' ').append(Files.getAttribute(device, "unix:ino"));
    }
    return key.toString();
  }

  private Mounted mount(String key, ErofsSource source, SuperblockListener listener)
      throws IOException {
    MountDirectory place = MountDirectory.create(directory.resolve(UUID.randomUUID().toString()));
    boolean done = false;
    show(source.tree());
    try {
      Path tree = place.makeMountPoint(TREE);
      place.write(KEY, key);
      place.write(SOURCE, source.tree());
      RootfsWay way = ways.mount(source, tree, listener);
      Mounts.makePrivate(tree);
      place.write(WAY, way.name());
      Mounted made = new Mounted(key, source.tree(), way, place);
      done = true;
      if (way != RootfsWay.DIRECTORIES) {
        // it shows no unpacked tree
        unshow(source.tree());
      }
      return made;
    } finally {
      if (!done) {
        Unmounting.unmount(place.file(TREE));
        place.delete();
        unshow(source.tree());
      }
    }
  }

  private void release(Mounted tree) throws IOException {
    try (NamedLocks<String>.Held held = keys.lock(tree.key)) {
      if (tree.users == 1) {
        Unmounting.unmount(tree.place.file(TREE));
        tree.place.delete();
        remove(tree);
        if (tree.way == RootfsWay.DIRECTORIES) {
          unshow(tree.source);
        }
      }
      // not before that has worked: it may be tried again
      tree.users--;
    }
  }

  private synchronized Optional<Mounted> get(String key) {
    return Optional.ofNullable(mounted.get(key));
  }

  private synchronized void put(Mounted tree) {
    mounted.put(tree.key, tree);
  }

  private synchronized void remove(Mounted tree) {
    mounted.remove(tree.key, tree);
  }

  private synchronized void show(String source) {
    shown.merge(source, 1, Integer::sum);
  }

  private synchronized void unshow(String source) {
    shown.computeIfPresent(source, (name, count) -> count == 1 ? null : count - 1);
  }

  /** Takes a tree away that no mount shows; none can begin to meanwhile. */
  synchronized <T> Optional<T> takeUnlessShown(String source, Taking<T> taking) throws IOException {
    return shown.containsKey(source) ? Optional.empty() : Optional.of(taking.take());
  }

  /** What is done quickly. */
  @FunctionalInterface
  interface Taking<T> {
    T take() throws IOException;
  }

  /** Keeps what another mount namespace shows, for as long as this process lives. */
  void keep(String id) throws IOException {
    MountDirectory place = new MountDirectory(directory.resolve(id));
    if (place.read(WAY).equals(Optional.of(RootfsWay.DIRECTORIES.name()))) {
      show(place.read(SOURCE).orElse(""));
    }
  }

  /**
   * A share in a tree that an earlier process has mounted. If somebody has unmounted it since, it
   * is not shared further.
   */
  Optional<Use> find(String id, Set<Path> mountPoints) throws IOException {
    MountDirectory place = new MountDirectory(directory.resolve(id));
    Optional<String> key = place.read(KEY);
    // a later version may know others
    Optional<RootfsWay> way = place.read(WAY).flatMap(RootfsWay::named);
    if (key.isEmpty() || way.isEmpty() || !place.isOfThisBoot()) {
      return Optional.empty();
    }
    try (NamedLocks<String>.Held held = keys.lock(key.get())) {
      Mounted tree = found.get(id);
      if (tree == null) {
        String source = place.read(SOURCE).orElse("");
        tree = new Mounted(key.get(), source, way.get(), place);
        found.put(id, tree);
        if (tree.way == RootfsWay.DIRECTORIES) {
          show(source);
        }
      }
      tree.users++;
      if (mountPoints.contains(place.file(TREE))) {
        put(tree);
      }
      return Optional.of(new Use(tree));
    }
  }

  /**
   * Ends what an earlier process has mounted for nobody, and removes what is left of an earlier
   * boot.
   *
   * @param used the trees that root filesystems are known to use, also where another mount
   *     namespace has them
   */
  void sweep(Set<String> used) throws IOException {
    for (MountDirectory place : MountDirectory.list(directory)) {
      if (!used.contains(place.name())) {
        try {
          Unmounting.unmount(place.file(TREE));
          place.delete();
        } catch (IOException e) {
          LOG.warn("{} is left over and cannot be removed", place.path(), e);
        }
      }
    }
    found.clear();
  }
}
