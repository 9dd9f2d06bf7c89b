package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.ImageFiles;
import io.github.ndocker.api.ImageNode;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.layer.FilePart;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.SparseContents;
import io.github.ndocker.layer.TreeNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of an image in the blobs of its layers, wherever those lie. Thread-safe; keeps nothing
 * open between calls.
 */
public final class LayerFiles implements ImageFiles {
  private static final int EXECUTE = 0111;

  private final Trees trees;
  private final List<DiffId> layers;
  private final TieredBlobStore store;
  private Optional<MergedTree> made = Optional.empty();

  /** Makes the tree when it is asked for. */
  @FunctionalInterface
  public interface Trees {
    /**
     * Merges the layers.
     *
     * @return the image's tree
     * @throws IOException if the layers cannot be read or are malformed
     */
    MergedTree make() throws IOException;
  }

  /**
   * The files of one image.
   *
   * @param trees makes the tree; called once, when the first file is asked for
   * @param layers the layers it was merged of, from the bottom up
   * @param store has their blobs
   */
  public LayerFiles(Trees trees, List<DiffId> layers, TieredBlobStore store) {
    this.trees = Objects.requireNonNull(trees, "trees");
    this.layers = List.copyOf(layers);
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public Optional<ImageNode> find(String path) throws IOException {
    return tree().find(path).map(TreeNode::inode).map(LayerFiles::node);
  }

  @Override
  public List<String> list(String path) throws IOException {
    Optional<TreeNode> directory = tree().find(path);
    List<String> names = new ArrayList<>();
    if (directory.isPresent()) {
      directory.get().children().forEach(child -> names.add(child.name().toString()));
    }
    return names;
  }

  @Override
  public byte[] read(String path, long offset, int length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(length + " bytes at " + offset);
    }
    Optional<Inode> inode = tree().find(path).map(TreeNode::inode);
    if (inode.isEmpty() || offset >= inode.get().size()) {
      return new byte[0];
    }
    byte[] bytes = new byte[(int) Math.min(length, inode.get().size() - offset)];
    Optional<SparseContents> sparse = inode.get().sparse();
    try (BlobReader blob = store.read(layers.get(inode.get().layer()).digest())) {
      if (sparse.isPresent()) {
        readSparse(sparse.get(), offset, ByteBuffer.wrap(bytes), blob);
      } else {
        readFully(blob, ByteBuffer.wrap(bytes), inode.get().dataOffset() + offset);
      }
    }
    return bytes;
  }

  @Override
  public long bytes() throws IOException {
    BitSet seen = new BitSet();
    long[] bytes = new long[1];
    tree()
        .walk(
            (path, node) -> {
              if (!seen.get(node.inode().number())) {
                seen.set(node.inode().number());
                bytes[0] += node.inode().size();
              }
            });
    return bytes[0];
  }

  private synchronized MergedTree tree() throws IOException {
    if (made.isEmpty()) {
      made = Optional.of(trees.make());
    }
    return made.get();
  }

  private static ImageNode node(Inode inode) {
    ImageNode.Kind kind =
        switch (inode.type()) {
          case REGULAR -> ImageNode.Kind.FILE;
          case DIRECTORY -> ImageNode.Kind.DIRECTORY;
          case SYMLINK -> ImageNode.Kind.LINK;
          default -> ImageNode.Kind.OTHER;
        };
    return new ImageNode(
        kind,
        kind == ImageNode.Kind.FILE ? inode.size() : 0,
        (inode.mode() & EXECUTE) != 0,
        kind == ImageNode.Kind.LINK ? inode.symlinkTarget().toString() : "",
        inode.number(),
        inode.layer());
  }

  /** Fills the buffer, whose bytes are zero, from the parts that it overlaps. */
  private static void readSparse(
      SparseContents contents, long offset, ByteBuffer bytes, BlobReader blob) throws IOException {
    long end = offset + bytes.capacity();
    byte[] copies = contents.copies().toByteArray();
    for (FilePart part : contents.parts()) {
      long from = Math.max(offset, part.fileOffset());
      long to = Math.min(end, part.fileOffset() + part.length());
      if (from >= to || part.source() == FilePart.Source.HOLE) {
        continue;
      }
      ByteBuffer target = bytes.slice((int) (from - offset), (int) (to - from));
      long source = part.offset() + (from - part.fileOffset());
      if (part.source() == FilePart.Source.TAR) {
        readFully(blob, target, source);
      } else {
        target.put(Arrays.copyOfRange(copies, (int) source, (int) (source + to - from)));
      }
    }
  }

  private static void readFully(BlobReader blob, ByteBuffer target, long position)
      throws IOException {
    if (blob.read(target, position) < target.limit()) {
      throw new EOFException("a layer of " + blob.size() + " bytes ends within a file");
    }
  }
}
