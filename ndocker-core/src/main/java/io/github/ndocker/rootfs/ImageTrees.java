package io.github.ndocker.rootfs;

import io.github.ndocker.linux.Mounts;
import io.github.ndocker.store.NamedLocks;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
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

  private final Path directory;
  private final TreeWays ways;
  private final NamedLocks<String> keys = new NamedLocks<>();

  /** By key; changed while the key is locked, and read under this object's lock. */
  private final Map<String, Mounted> mounted = new HashMap<>();

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

  private boolean isUsable(Mounted tree) {
    if (!tree.isStillThere()) {
      LOG.warn("{} is not mounted any more; it is mounted again", tree.place.path());
      return false;
    }
    // an earlier process may have been told other ways
    return ways.allow(tree.way);
  }

  /**
   * What makes two sources one superblock: the same metadata file, not only its name, because a
   * repair writes it again.
   */
  private static String key(ErofsSource source) throws IOException {
    Map<String, Object> file = Files.readAttributes(source.metadata(), "unix:ino,lastModifiedTime");
    return source.metadata().getFileName()
        + " "
        + file.get("ino")
        + " "
        + file.get("lastModifiedTime")
        + (source.readAhead() ? "" : " without read-ahead");
  }

  private Mounted mount(String key, ErofsSource source, SuperblockListener listener)
      throws IOException {
    MountDirectory place = MountDirectory.create(directory.resolve(UUID.randomUUID().toString()));
    boolean done = false;
    try {
      Path tree = place.makeMountPoint(TREE);
      place.write(KEY, key);
      place.write(SOURCE, source.tree());
      RootfsWay way = ways.mount(source, tree, listener);
      Mounts.makePrivate(tree);
      place.write(WAY, way.name());
      Mounted made = new Mounted(key, source.tree(), way, place);
      done = true;
      return made;
    } finally {
      if (!done) {
        Unmounting.unmount(place.file(TREE));
        place.delete();
      }
    }
  }

  private void release(Mounted tree) throws IOException {
    try (NamedLocks<String>.Held held = keys.lock(tree.key)) {
      if (tree.users == 1) {
        Unmounting.unmount(tree.place.file(TREE));
        tree.place.delete();
        remove(tree);
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

  /** The names of the trees that are mounted. */
  synchronized Set<String> sources() {
    Set<String> sources = new HashSet<>();
    mounted.values().forEach(tree -> sources.add(tree.source));
    return sources;
  }

  /** A share in a tree that an earlier process has mounted, if it is mounted here. */
  Optional<Use> find(String id, Set<Path> mountPoints) throws IOException {
    MountDirectory place = new MountDirectory(directory.resolve(id));
    Optional<String> key = place.read(KEY);
    Optional<String> way = place.read(WAY);
    if (key.isEmpty()
        || way.isEmpty()
        || !place.isOfThisBoot()
        || !mountPoints.contains(place.file(TREE))) {
      return Optional.empty();
    }
    try (NamedLocks<String>.Held held = keys.lock(key.get())) {
      Mounted tree;
      Optional<Mounted> present = get(key.get());
      if (present.isPresent() && present.get().place.equals(place)) {
        tree = present.get();
      } else {
        tree =
            new Mounted(
                key.get(), place.read(SOURCE).orElse(""), RootfsWay.valueOf(way.get()), place);
      }
      tree.users++;
      put(tree);
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
        Unmounting.unmount(place.file(TREE));
        place.delete();
      }
    }
  }
}
