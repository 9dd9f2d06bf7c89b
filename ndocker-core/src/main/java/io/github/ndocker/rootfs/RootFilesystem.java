package io.github.ndocker.rootfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A mounted root filesystem: the image's read-only tree and, over it, a writable layer. Closing
 * unmounts it and removes its directories with the writable layer; closing twice is harmless. It
 * outlives the process that mounted it, if that ends without closing: {@link
 * RootfsProvider#mounted} of the next one has it.
 */
public final class RootFilesystem implements Closeable {
  private static final String ROOT = "root";

  /** The image's tree with other owners. */
  private static final String MAPPED = "mapped";

  /** Below the image in an overlay that nobody can write to: there must be two layers. */
  private static final String EMPTY = "empty";

  private static final String TREE = "tree";
  private static final String WRITABLE = "writable";
  private static final String MOUNTED = "mounted";

  private final MountDirectory directory;
  private final Consumer<RootFilesystem> closing;
  private Optional<ImageTrees.Use> tree = Optional.empty();
  private Optional<WritableLayer> writable = Optional.empty();
  private boolean closed;

  private RootFilesystem(MountDirectory directory, Consumer<RootFilesystem> closing) {
    this.directory = directory;
    this.closing = closing;
  }

  /** Makes the directory for it; a directory of that name is somebody else's. */
  static RootFilesystem create(Path path, Consumer<RootFilesystem> closing) throws IOException {
    return new RootFilesystem(MountDirectory.create(path), closing);
  }

  /** One of an earlier process. */
  static RootFilesystem found(
      MountDirectory directory, Optional<ImageTrees.Use> tree, Consumer<RootFilesystem> closing)
      throws IOException {
    RootFilesystem found = new RootFilesystem(directory, closing);
    found.tree = tree;
    if (Files.isSymbolicLink(directory.file(WRITABLE))) {
      found.writable =
          Optional.of(new WritableLayer(Files.readSymbolicLink(directory.file(WRITABLE))));
    }
    return found;
  }

  /** The tree that the record of one names. */
  static Optional<String> treeOf(MountDirectory directory) throws IOException {
    return directory.read(TREE);
  }

  /** Whether the process that began with it has finished. */
  static boolean isComplete(MountDirectory directory) {
    return Files.exists(directory.file(MOUNTED));
  }

  static Path rootOf(MountDirectory directory) {
    return directory.file(ROOT);
  }

  /** Makes a writable layer, which the next process is to know of before it is there. */
  WritableLayer write(Path layer, OptionalLong bytes) throws IOException {
    Files.createSymbolicLink(directory.file(WRITABLE), layer);
    try {
      WritableLayer made = WritableLayer.create(layer, bytes);
      writable = Optional.of(made);
      return made;
    } catch (IOException e) {
      // a directory of that name is somebody else's: it stays
      Files.delete(directory.file(WRITABLE));
      throw e;
    }
  }

  void show(ImageTrees.Use image) throws IOException {
    tree = Optional.of(image);
    directory.write(TREE, image.id());
  }

  Path makeRoot() throws IOException {
    return directory.makeMountPoint(ROOT);
  }

  /** Lets one group search the directory. */
  void openTo(long group) throws IOException {
    Files.setAttribute(directory.path(), "unix:gid", (int) group);
    Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwx--x---"));
  }

  Path makeMapped() throws IOException {
    return directory.makeMountPoint(MAPPED);
  }

  Path makeEmpty() throws IOException {
    return Files.createDirectory(directory.file(EMPTY));
  }

  void complete() throws IOException {
    directory.write(MOUNTED, "");
  }

  /**
   * What it was called when it was mounted.
   *
   * @return a file name
   */
  public String name() {
    return directory.name();
  }

  /**
   * How the kernel gets at the image's tree.
   *
   * @return the way
   */
  public RootfsWay way() {
    return use().way();
  }

  /**
   * The tree a container runs in.
   *
   * @return absolute path
   */
  public Path root() {
    return directory.file(ROOT);
  }

  /**
   * The image's own tree, read-only, without the writable layer. Other root filesystems of the same
   * image may have the same.
   *
   * @return absolute path
   */
  public Path image() {
    return use().path();
  }

  /**
   * The upper layer of the overlay: what the container has made, changed and deleted, in the
   * kernel's form. Read only; the overlay owns it.
   *
   * @return absolute path; empty if nobody can write
   */
  public Optional<Path> upper() {
    return writable.map(WritableLayer::upper);
  }

  private ImageTrees.Use use() {
    return tree.orElseThrow(() -> new IllegalStateException("it is not mounted"));
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    // from here on the next process goes on with it
    Files.deleteIfExists(directory.file(MOUNTED));
    Unmounting.unmount(directory.file(ROOT));
    Unmounting.unmount(directory.file(MAPPED));
    if (writable.isPresent()) {
      writable.get().delete();
    }
    if (tree.isPresent()) {
      tree.get().close();
    }
    directory.delete();
    closed = true;
    closing.accept(this);
  }
}
