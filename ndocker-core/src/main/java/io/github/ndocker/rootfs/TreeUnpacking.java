package io.github.ndocker.rootfs;

import io.github.ndocker.erofs.ImageEntry;
import io.github.ndocker.erofs.ImageFile;
import io.github.ndocker.erofs.ImageTree;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.linux.Descriptor;
import io.github.ndocker.linux.OpenDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Writes the tree of an image as files. Every name is made in the directory that is open for it, so
 * nothing is ever made anywhere else.
 */
final class TreeUnpacking {
  /** A block that is all zeros is not written, so that what was sparse stays so. */
  private static final int BLOCK = 4096;

  private static final int PIECE = 64 * BLOCK;
  private static final byte[] ZEROS = new byte[BLOCK];
  private static final ByteString USER_ATTRIBUTES = ByteString.utf8("user.");

  private final ImageTree tree;

  /** All files with several names are made here first, and their names are links to that. */
  private final OpenDirectory links;

  private final Set<Long> linked = new HashSet<>();
  private final byte[] piece = new byte[PIECE];

  TreeUnpacking(ImageTree tree, OpenDirectory links) {
    this.tree = tree;
    this.links = links;
  }

  /**
   * A directory that is being filled.
   *
   * @param file what it is in the image
   * @param parent where it is described once it is full
   * @param name its name there
   * @param directory it, open
   * @param entries what is still to be made in it
   */
  private record Level(
      ImageFile file,
      OpenDirectory parent,
      ByteString name,
      OpenDirectory directory,
      Iterator<ImageEntry> entries) {}

  /** Writes the root directory, and all below it, as a new directory of that name. */
  void writeTo(OpenDirectory parent, ByteString name) throws IOException {
    Deque<Level> levels = new ArrayDeque<>();
    try {
      levels.push(enter(tree.root(), parent, name));
      while (!levels.isEmpty()) {
        Level level = levels.element();
        if (level.entries.hasNext()) {
          ImageEntry entry = level.entries.next();
          ImageFile file = tree.file(entry.nid());
          if (file.type() == EntryType.DIRECTORY) {
            levels.push(enter(file, level.directory, entry.name()));
          } else {
            writeOrLink(file, level.directory, entry.name().toByteArray());
          }
        } else {
          levels.pop().directory.close();
          // last, because what is made in it changes its time
          describe(level.file, level.parent, level.name.toByteArray());
        }
      }
    } finally {
      levels.forEach(level -> level.directory.close());
    }
  }

  private Level enter(ImageFile file, OpenDirectory parent, ByteString name) throws IOException {
    Iterator<ImageEntry> entries = tree.list(file).iterator();
    return new Level(file, parent, name, parent.makeDirectory(name.toByteArray()), entries);
  }

  private void writeOrLink(ImageFile file, OpenDirectory parent, byte[] name) throws IOException {
    if (file.nlink() < 2) {
      write(file, parent, name);
      return;
    }
    byte[] number = Long.toString(file.nid()).getBytes(StandardCharsets.US_ASCII);
    if (linked.add(file.nid())) {
      write(file, links, number);
    }
    links.link(number, parent, name);
  }

  private void write(ImageFile file, OpenDirectory parent, byte[] name) throws IOException {
    switch (file.type()) {
      case REGULAR -> {
        try (Descriptor made = parent.makeFile(name)) {
          writeContents(file, made);
        }
      }
      case SYMLINK -> parent.makeSymlink(name, tree.symlinkTarget(file).toByteArray());
      case FIFO -> parent.makeNode(name, 0010000, 0, 0);
      case CHARACTER_DEVICE ->
          parent.makeNode(name, 0020000, file.deviceMajor(), file.deviceMinor());
      case BLOCK_DEVICE -> parent.makeNode(name, 0060000, file.deviceMajor(), file.deviceMinor());
      default -> throw new IOException("an inode of an image cannot be " + file.type());
    }
    describe(file, parent, name);
  }

  private void writeContents(ImageFile file, Descriptor made) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(made.path().toFile(), "rw")) {
      out.setLength(file.size());
      ByteBuffer buffer = ByteBuffer.wrap(piece);
      for (long position = 0; position < file.size(); position += buffer.position()) {
        buffer.clear();
        if (tree.read(file, buffer, position) < 1) {
          throw new IOException("inode " + file.nid() + " ends at " + position);
        }
        writePiece(out, position, buffer.position());
      }
    }
  }

  private void writePiece(RandomAccessFile out, long position, int length) throws IOException {
    int from = 0;
    while (from < length) {
      int to = from;
      boolean zeros = isZero(from, length);
      while (to < length && isZero(to, length) == zeros) {
        to = Math.min(to + BLOCK, length);
      }
      if (!zeros) {
        out.seek(position + from);
        out.write(piece, from, to - from);
      }
      from = to;
    }
  }

  private boolean isZero(int from, int length) {
    int bytes = Math.min(BLOCK, length - from);
    return Arrays.equals(piece, from, from + bytes, ZEROS, 0, bytes);
  }

  private void describe(ImageFile file, OpenDirectory parent, byte[] name) throws IOException {
    parent.setOwner(name, file.uid(), file.gid());
    boolean takesUserAttributes =
        file.type() == EntryType.REGULAR || file.type() == EntryType.DIRECTORY;
    for (Map.Entry<ByteString, ByteString> xattr : tree.xattrs(file).entrySet()) {
      // Linux shows none of a user on anything else, and takes none
      if (takesUserAttributes || !xattr.getKey().startsWith(USER_ATTRIBUTES)) {
        parent.setXattr(name, xattr.getKey().toByteArray(), xattr.getValue().toByteArray());
      }
    }
    if (file.type() != EntryType.SYMLINK) {
      parent.setMode(name, file.mode());
    }
    parent.setTime(name, file.mtimeSeconds(), file.mtimeNanos());
  }
}
