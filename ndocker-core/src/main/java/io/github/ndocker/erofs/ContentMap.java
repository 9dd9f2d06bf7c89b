package io.github.ndocker.erofs;

import io.github.ndocker.layer.FilePart;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Says where the bytes of regular files lie. Gives the same answers every time it is asked. */
public interface ContentMap {
  /**
   * The devices beside the metadata image, in the order in which they are mounted.
   *
   * @return the devices; the first one has the number 1
   */
  List<Device> devices();

  /**
   * Where the bytes of one file lie.
   *
   * @param file a regular file that is not empty
   * @return extents in ascending order that cover the file without a gap. They begin at multiples
   *     of the block size, in the file and on their devices; those that do not begin at multiples
   *     of 4,096 in the file have to be readable by {@link #read}.
   */
  List<ContentExtent> extents(TreeNode file);

  /**
   * Where bytes of one file end that are in no whole block of their layer, because the tar ends
   * with them. They are copied: a loop device has only whole sectors, and on a heap bytes of
   * another blob may follow.
   *
   * @param file a regular file that is not empty
   * @return ascending positions in the file, at most its size; each has to be readable by {@link
   *     #read}
   */
  default List<Long> cutOff(TreeNode file) {
    return List.of();
  }

  /**
   * Reads bytes of a file: of a chunk that lies in several extents there has to be a copy. They are
   * the right ones also if what it lies in has moved since its extents were asked for.
   *
   * @param file a regular file
   * @param target is filled
   * @param position in the file
   * @throws IOException if they cannot be read
   * @throws UnsupportedOperationException if no file of this map lies so
   */
  default void read(TreeNode file, ByteBuffer target, long position) throws IOException {
    throw new UnsupportedOperationException("no file lies across a seam that is at no page");
  }

  /**
   * Every file in the tar of the layer it came from.
   *
   * @param layers the tars, from the bottom layer up; each of whole blocks of 512 bytes, or with a
   *     last file that ends before its last block
   * @return the map
   */
  static ContentMap ofLayers(List<Device> layers) {
    return ofLayers(
        layers,
        (layer, offset, target) -> {
          throw new UnsupportedOperationException(
              "layer " + layer + " ends in the middle of a block");
        });
  }

  /** Reads the layers of a map. */
  @FunctionalInterface
  interface LayerReading {
    /**
     * Reads bytes of a tar.
     *
     * @param layer its position, 0 for the bottom one
     * @param offset in the tar
     * @param target is filled
     * @throws IOException if they cannot be read
     */
    void fill(int layer, long offset, ByteBuffer target) throws IOException;
  }

  /**
   * Every file in the tar of the layer it came from.
   *
   * @param layers the tars, from the bottom layer up
   * @param reading reads them
   * @return the map
   */
  static ContentMap ofLayers(List<Device> layers, LayerReading reading) {
    List<Device> devices = List.copyOf(layers);
    return new ContentMap() {
      @Override
      public List<Device> devices() {
        return devices;
      }

      @Override
      public List<Long> cutOff(TreeNode file) {
        Inode inode = file.inode();
        return LayerContents.cutOff(inode, devices.get(inode.layer()).bytes());
      }

      @Override
      public void read(TreeNode file, ByteBuffer target, long position) throws IOException {
        Inode inode = file.inode();
        LayerContents.read(
            inode, (piece, offset) -> reading.fill(inode.layer(), offset, piece), target, position);
      }

      @Override
      public List<ContentExtent> extents(TreeNode file) {
        Inode inode = file.inode();
        int device = inode.layer() + 1;
        if (inode.sparse().isEmpty()) {
          return List.of(new ContentExtent(0, inode.size(), device, inode.dataOffset()));
        }
        List<ContentExtent> extents = new ArrayList<>();
        for (FilePart part : inode.sparse().get().parts()) {
          extents.add(
              part.source() == FilePart.Source.TAR
                  ? new ContentExtent(part.fileOffset(), part.length(), device, part.offset())
                  : ContentExtent.outOfTar(part));
        }
        return extents;
      }
    };
  }
}
