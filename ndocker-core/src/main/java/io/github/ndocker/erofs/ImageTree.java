package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A root filesystem, read from its EROFS image and the files behind its devices: without a mount,
 * without root, on any platform ("EROFS - Enhanced Read-Only File System", kernel documentation;
 * images without compression). What it finds is what a mount shows.
 *
 * <p>Every number of an image is checked before it is followed, so a damaged one ends in an
 * exception. Keeps nothing in memory but open files. Thread-safe.
 */
public final class ImageTree implements Closeable {
  private static final ByteString DOT = ByteString.utf8(".");
  private static final ByteString DOT_DOT = ByteString.utf8("..");

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  /** PATH_MAX of Linux. */
  private static final int LONGEST_TARGET = 4096;

  private final Deque<Closeable> open;
  private final ImageBytes image;
  private final SuperblockReader.Found superblock;
  private final InodeDecoder inodes;
  private final FileBytes bytes;
  private final DirectoryReader directories;
  private final XattrDecoder xattrs;

  private ImageTree(
      Deque<Closeable> open,
      ImageBytes image,
      SuperblockReader.Found superblock,
      List<ImageBytes> devices) {
    this.open = open;
    this.image = image;
    this.superblock = superblock;
    this.inodes = new InodeDecoder(image, superblock);
    this.bytes = new FileBytes(image, devices, superblock.blockBits());
    this.directories = new DirectoryReader(image, bytes, superblock.blockBytes());
    this.xattrs = new XattrDecoder(image, superblock.xattrsAt());
  }

  /**
   * Opens an image.
   *
   * @param metadata the file it is in
   * @param devices the files behind its device table, in the table's order
   * @return the tree, to be closed by the caller
   * @throws MalformedImageException if it is no EROFS image, is damaged, needs features this reader
   *     lacks, or has another number of devices
   * @throws IOException if a file cannot be read
   */
  public static ImageTree open(Path metadata, List<Path> devices) throws IOException {
    return open(metadata, devices, () -> {});
  }

  /**
   * As {@link #open(Path, List)}, for files that somebody has to keep meanwhile.
   *
   * @param metadata the file it is in
   * @param devices the files behind its device table, in the table's order
   * @param keeping closed with the tree, or if it cannot be opened
   * @return the tree, to be closed by the caller
   * @throws MalformedImageException as there
   * @throws IOException if a file cannot be read
   */
  public static ImageTree open(Path metadata, List<Path> devices, Closeable keeping)
      throws IOException {
    Deque<Closeable> open = new ArrayDeque<>(List.of(keeping));
    boolean ready = false;
    try {
      ImageBytes image = ImageBytes.open(metadata);
      open.push(image);
      SuperblockReader.Found superblock = SuperblockReader.read(image);
      if (superblock.devices() != devices.size()) {
        throw image.malformed(
            "it has " + superblock.devices() + " devices, and " + devices.size() + " were given");
      }
      List<ImageBytes> opened = new ArrayList<>();
      for (Path device : devices) {
        opened.add(ImageBytes.open(device));
        open.push(opened.get(opened.size() - 1));
      }
      ImageTree tree = new ImageTree(open, image, superblock, opened);
      ready = true;
      return tree;
    } finally {
      if (!ready) {
        closeAll(open);
      }
    }
  }

  /**
   * The root directory.
   *
   * @return its inode
   * @throws IOException if the image is damaged or cannot be read
   */
  public ImageFile root() throws IOException {
    ImageFile root = file(superblock.rootNid());
    if (root.type() != EntryType.DIRECTORY) {
      throw image.malformed("its root is no directory");
    }
    return root;
  }

  /**
   * Reads an inode.
   *
   * @param nid its number, as an {@link ImageEntry} has it
   * @return the inode
   * @throws IOException if the image is damaged or cannot be read
   */
  public ImageFile file(long nid) throws IOException {
    return inodes.read(nid);
  }

  /**
   * Looks a path up. Follows no symbolic links, and {@code ..} is a name like any other, which no
   * file has.
   *
   * @param path components joined by slashes; empty or "/" for the root directory
   * @return what is there, if anything is
   * @throws IOException if the image is damaged or cannot be read
   */
  public Optional<ImageFile> find(ByteString path) throws IOException {
    Optional<ImageFile> found = Optional.of(root());
    for (ByteString component : components(path)) {
      if (found.isEmpty() || component.equals(DOT_DOT)) {
        return Optional.empty();
      }
      found = child(found.get(), component);
    }
    return found;
  }

  /**
   * Looks a path up as a process in the root filesystem would: follows symbolic links, also the
   * last one, and never leaves the root directory.
   *
   * @param path components joined by slashes, from the root directory on
   * @return what is there, if anything is
   * @throws FileSystemLoopException if there are more than 40 symbolic links
   * @throws IOException if the image is damaged or cannot be read
   */
  public Optional<ImageFile> resolve(ByteString path) throws IOException {
    Deque<ByteString> left = new ArrayDeque<>(components(path));
    Deque<ImageFile> parents = new ArrayDeque<>(List.of(root()));
    int links = 0;
    while (!left.isEmpty()) {
      ByteString component = left.pop();
      if (component.equals(DOT_DOT) && parents.element().type() == EntryType.DIRECTORY) {
        if (parents.size() > 1) {
          parents.pop();
        }
        continue;
      }
      Optional<ImageFile> found = child(parents.element(), component);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      if (found.get().type() != EntryType.SYMLINK) {
        parents.push(found.get());
        continue;
      }
      if (++links > MOST_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      ByteString target = symlinkTarget(found.get());
      if (target.length() > 0 && target.at(0) == '/') {
        while (parents.size() > 1) {
          parents.pop();
        }
      }
      List<ByteString> more = components(target);
      for (int i = more.size() - 1; i >= 0; i--) {
        left.push(more.get(i));
      }
    }
    return Optional.of(parents.element());
  }

  private Optional<ImageFile> child(ImageFile parent, ByteString name) throws IOException {
    if (parent.type() != EntryType.DIRECTORY) {
      return Optional.empty();
    }
    Optional<ImageEntry> entry = directories.find(parent, name);
    return entry.isEmpty() ? Optional.empty() : Optional.of(file(entry.get().nid()));
  }

  /** Without empty ones and ".". */
  private static List<ByteString> components(ByteString path) {
    List<ByteString> components = new ArrayList<>();
    for (int from = 0; from < path.length(); ) {
      int to = path.indexOf((byte) '/', from);
      ByteString component = path.slice(from, to);
      if (!component.isEmpty() && !component.equals(DOT)) {
        components.add(component);
      }
      from = to + 1;
    }
    return components;
  }

  /**
   * What is in a directory, without {@code .} and {@code ..}.
   *
   * @param directory a directory of this tree
   * @return its entries by the unsigned bytes of their names
   * @throws IllegalArgumentException if it is none
   * @throws IOException if the image is damaged or cannot be read
   */
  public List<ImageEntry> list(ImageFile directory) throws IOException {
    require(directory, EntryType.DIRECTORY);
    return directories.list(directory).stream()
        .filter(entry -> !entry.name().equals(DOT) && !entry.name().equals(DOT_DOT))
        .toList();
  }

  /**
   * Reads a range of a regular file.
   *
   * @param file a regular file of this tree
   * @param target gets as many bytes as it has room for, or as there are
   * @param position in the file, 0 for its first byte
   * @return how many bytes were read; -1 at the end of the file
   * @throws IllegalArgumentException if it is none, or the position is negative
   * @throws IOException if the image is damaged or a file cannot be read
   */
  public int read(ImageFile file, ByteBuffer target, long position) throws IOException {
    require(file, EntryType.REGULAR);
    if (position < 0) {
      throw new IllegalArgumentException("position " + position);
    }
    if (position >= file.size()) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), file.size() - position);
    int limit = target.limit();
    target.limit(target.position() + count);
    try {
      bytes.fill(file, target, position);
    } finally {
      target.limit(limit);
    }
    return count;
  }

  /**
   * What a symbolic link says.
   *
   * @param link a symbolic link of this tree
   * @return its target
   * @throws IllegalArgumentException if it is none
   * @throws IOException if the image is damaged or cannot be read
   */
  public ByteString symlinkTarget(ImageFile link) throws IOException {
    require(link, EntryType.SYMLINK);
    if (link.size() > LONGEST_TARGET) {
      throw image.malformed("inode " + link.nid() + " is a link of " + link.size() + " bytes");
    }
    ByteBuffer target = ByteBuffer.allocate((int) link.size());
    bytes.fill(link, target, 0);
    return ByteString.of(target.array());
  }

  /**
   * The extended attributes of a file.
   *
   * @param file any file of this tree
   * @return values by full name
   * @throws IOException if the image is damaged or cannot be read
   */
  public SortedMap<ByteString, ByteString> xattrs(ImageFile file) throws IOException {
    return xattrs.read(file);
  }

  private static void require(ImageFile file, EntryType type) {
    Objects.requireNonNull(file, "file");
    if (file.type() != type) {
      throw new IllegalArgumentException(
          "inode " + file.nid() + " is " + file.type() + ", not " + type);
    }
  }

  @Override
  public void close() throws IOException {
    closeAll(open);
  }

  private static void closeAll(Deque<Closeable> open) throws IOException {
    IOException failure = null;
    for (Closeable one : open) {
      try {
        one.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
