package io.github.ndocker.rootfs;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.linux.DetachedMount;
import io.github.ndocker.linux.DirectoryTree;
import io.github.ndocker.linux.MountTable;
import io.github.ndocker.linux.Mounts;
import io.github.ndocker.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts root filesystems: the image's tree in the best way that works here, one mount for all
 * containers of an image, and overlayfs over it for each. Needs root. Thread-safe; one provider at
 * a time may look after a directory.
 *
 * <p>What is mounted is mounted in the mount namespace of this process and outlives it. The next
 * provider of the directory finds it again, in the same mount namespace. An exception leaves no
 * mount, loop device or directory behind.
 */
public final class RootfsProvider {
  private static final Logger LOG = LoggerFactory.getLogger(RootfsProvider.class);

  private final Path roots;
  private final UnpackedTrees unpacked;
  private final TreeWays ways;
  private final ImageTrees trees;
  private final Map<String, RootFilesystem> mounted = new ConcurrentHashMap<>();

  private RootfsProvider(Path directory, UnpackedTrees unpacked, List<RootfsWay> ways)
      throws IOException {
    this.roots = PrivateDirectory.create(directory.resolve("roots"));
    this.unpacked = unpacked;
    this.ways = new TreeWays(ways, unpacked);
    this.trees = new ImageTrees(directory.resolve("trees"), this.ways);
  }

  /**
   * Looks after a directory: finds again what is mounted there, and removes what is left of mounts
   * that ended without being closed, with the host or half-made with a process.
   *
   * @param directory for mount points; made if missing
   * @param unpacked where trees are unpacked that cannot be mounted otherwise; made if missing
   * @param ways how the kernel may get at an image's tree, the best way first
   * @return the provider
   * @throws IllegalArgumentException if there is no way
   * @throws IOException if a directory cannot be made or read
   */
  public static RootfsProvider open(Path directory, Path unpacked, List<RootfsWay> ways)
      throws IOException {
    if (ways.isEmpty()) {
      throw new IllegalArgumentException("no way to mount anything");
    }
    // as the mount table has it
    Path real = PrivateDirectory.create(directory.toAbsolutePath()).toRealPath();
    RootfsProvider provider =
        new RootfsProvider(real, UnpackedTrees.open(unpacked.toAbsolutePath()), ways);
    provider.find();
    return provider;
  }

  private void find() throws IOException {
    Set<Path> mountPoints = MountTable.mountPoints();
    Set<String> used = new HashSet<>();
    for (MountDirectory place : MountDirectory.list(roots)) {
      try {
        find(place, mountPoints).ifPresent(used::add);
      } catch (IOException e) {
        LOG.warn("{} is left over and cannot be removed", place.path(), e);
      }
    }
    trees.sweep(used);
  }

  /** Looks after one root filesystem of an earlier process; says which tree it needs. */
  private Optional<String> find(MountDirectory place, Set<Path> mountPoints) throws IOException {
    Optional<String> tree = RootFilesystem.treeOf(place);
    if (!place.isOfThisBoot() || !RootFilesystem.isComplete(place) || tree.isEmpty()) {
      RootFilesystem.found(place, Optional.empty(), this::closed).close();
      return Optional.empty();
    }
    Optional<ImageTrees.Use> use =
        mountPoints.contains(RootFilesystem.rootOf(place))
            ? trees.find(tree.get(), mountPoints)
            : Optional.empty();
    if (use.isEmpty()) {
      LOG.warn("{} is not mounted in this mount namespace; it is left alone", place.path());
      trees.keep(tree.get());
    } else {
      RootFilesystem found = RootFilesystem.found(place, use, this::closed);
      mounted.put(found.name(), found);
    }
    return tree;
  }

  /**
   * Mounts an image.
   *
   * @param name a name no other mount of this directory has; a plain file name
   * @param source the image
   * @param options how
   * @param listener hears of a superblock before it can be used; not if the image's tree is mounted
   *     already, or in a way that needs none
   * @return the mounted root filesystem, to be closed by the caller
   * @throws MountException if that is not possible here, in a sentence, or if the kernel refuses,
   *     with its reason for each way
   * @throws IOException if a directory cannot be made, or from the listener
   */
  public RootFilesystem mount(
      String name, ErofsSource source, RootfsOptions options, SuperblockListener listener)
      throws IOException {
    Optional<String> obstacle = Mounts.obstacle();
    if (obstacle.isPresent()) {
      throw new MountException(obstacle.get());
    }
    RootFilesystem root = RootFilesystem.create(roots.resolve(name), this::closed);
    try {
      Optional<WritableLayer> writable = Optional.empty();
      if (options.writable().isPresent()) {
        Path parent = PrivateDirectory.create(options.writable().get().toAbsolutePath());
        writable = Optional.of(root.write(parent.resolve(name), options.writableBytes()));
      }
      ImageTrees.Use tree = trees.use(source, options.ownTree(), listener);
      root.show(tree);
      Path lower = options.idMappings().isEmpty() ? tree.path() : map(root, tree.path(), options);
      if (writable.isPresent()) {
        writable.get().adoptRoot(lower);
      }
      Overlay overlay = new Overlay(lower, writable, options.selinuxContext(), options.devices());
      overlay.mount(root.makeRoot(), root.makeEmpty());
      root.complete();
      mounted.put(name, root);
      return root;
    } catch (NDockerException | FileAlreadyExistsException | RuntimeException e) {
      closeAfter(e, root);
      throw e;
    } catch (IOException e) {
      closeAfter(e, root);
      String reason = (e instanceof NoSuchFileException ? "No such file: " : "") + e.getMessage();
      throw new MountException("cannot mount " + source.metadata() + ": " + reason, e);
    }
  }

  private Path map(RootFilesystem root, Path tree, RootfsOptions options) throws IOException {
    // a runtime enters as the container's root, who may search these directories but not list them
    for (Path above : List.of(roots, Objects.requireNonNull(roots.getParent()))) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx--x--x"));
    }
    root.openTo(IdMapping.rootOnHost(options.idMappings()));
    Path mapped = root.makeMapped();
    try (UserNamespace namespace = UserNamespace.of(IdMapping.map(options.idMappings()));
        DetachedMount mount = DetachedMount.cloneOf(tree)) {
      mount.mapIds(namespace);
      mount.attach(mapped);
    }
    return mapped;
  }

  private static void closeAfter(Exception failure, RootFilesystem root) {
    try {
      root.close();
    } catch (IOException again) {
      failure.addSuppressed(again);
    }
  }

  private void closed(RootFilesystem root) {
    mounted.remove(root.name(), root);
  }

  /**
   * What is mounted here, by this process or an earlier one.
   *
   * @return root filesystems, each to be closed once by whoever looks after it, when no container
   *     runs in it any more
   */
  public List<RootFilesystem> mounted() {
    return List.copyOf(mounted.values());
  }

  /**
   * Looks at the mounts of an image in which a page that is in memory is a page that somebody has
   * read: those that may not read ahead. Mounts of root filesystems that have a tree of their own
   * do not count.
   *
   * @param tree the name of the tree ({@link ErofsSource#tree})
   * @param look called for each
   * @return the number of such mounts
   * @throws IOException if the look fails, or a mount cannot be given back
   */
  public int lookWithoutReadAhead(String tree, TreeLook look) throws IOException {
    int mounts = 0;
    for (String key : trees.keysWithoutReadAhead(tree)) {
      Optional<ImageTrees.Use> use = trees.share(key);
      if (use.isPresent()) {
        try (ImageTrees.Use held = use.get()) {
          look.at(held.path());
        }
        mounts++;
      }
    }
    return mounts;
  }

  /**
   * Why better ways than those in use do not work, for a person.
   *
   * @return the last reason by way; nothing of a way that has worked since, or was never tried
   */
  public Map<RootfsWay, String> obstacles() {
    return ways.obstacles();
  }

  /**
   * The names of the trees that are unpacked here ({@link ErofsSource#tree}).
   *
   * @return the names
   * @throws IOException if the directory cannot be read
   */
  public Set<String> unpackedTrees() throws IOException {
    return unpacked.names();
  }

  /**
   * Deletes an unpacked tree, unless it is mounted.
   *
   * @param tree its name
   * @return whether there is none of that name now
   * @throws IOException if it cannot be deleted
   */
  public boolean deleteUnpacked(String tree) throws IOException {
    Optional<Optional<Path>> taken = trees.takeUnlessShown(tree, () -> unpacked.take(tree));
    if (taken.isPresent() && taken.get().isPresent()) {
      DirectoryTree.delete(taken.get().get());
    }
    return taken.isPresent();
  }
}
