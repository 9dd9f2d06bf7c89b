package io.github.ndocker.erofs;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.layer.FilePart;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.SparseContents;
import io.github.ndocker.layer.TreeNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The contents of an image's files as they lie on the tiers: in the layer blobs, and where a hot
 * pack holds a copy of a range, in the pack. Immutable.
 */
public final class TieredContents implements ContentMap {
  private final List<DiffId> layers;
  private final List<BlobLocation> locations;
  private final Blobs blobs;
  private final List<Path> files;
  private final List<Device> devices = new ArrayList<>();
  private final Map<DiffId, NavigableMap<Long, Hot>> packed = new HashMap<>();

  /** A range and the pack that it lies in. */
  private record Hot(PackedRange range, BlobLocation pack) {}

  /** Opens blobs by their names. */
  @FunctionalInterface
  public interface Blobs {
    /**
     * Opens a blob.
     *
     * @param name its digest
     * @return its bytes, closed by who asked
     * @throws IOException if it is not there or cannot be read
     */
    BlobReader read(Digest name) throws IOException;
  }

  /**
   * Joins layers and packs.
   *
   * @param layers the image's layers from the bottom up
   * @param locations where each of them lies
   * @param packs the hot packs that hold ranges of the image, no byte twice
   * @param blobs reads the layers
   * @throws IOException if a file's size cannot be read
   */
  public TieredContents(
      List<DiffId> layers, List<BlobLocation> locations, List<HotPack> packs, Blobs blobs)
      throws IOException {
    this.blobs = blobs;
    this.layers = List.copyOf(layers);
    this.locations = List.copyOf(locations);
    this.files = files(locations, packs.stream().map(HotPack::location).toList());
    for (Path file : files) {
      devices.add(new Device(Files.size(file), "blobs-" + (devices.size() + 1)));
    }
    for (HotPack pack : packs) {
      for (PackedRange range : pack.layout().ranges()) {
        packed
            .computeIfAbsent(range.layer(), layer -> new TreeMap<>())
            .put(range.layerOffset(), new Hot(range, pack.location()));
      }
    }
  }

  /**
   * The files behind the devices, in the order of the device table.
   *
   * @param layers where each layer lies, from the bottom up
   * @param packs where the hot packs lie
   * @return each file once
   */
  public static List<Path> files(List<BlobLocation> layers, List<BlobLocation> packs) {
    return Stream.concat(layers.stream(), packs.stream())
        .flatMap(blob -> blob.extents().stream())
        .map(BlobExtent::file)
        .distinct()
        .toList();
  }

  @Override
  public List<Device> devices() {
    return List.copyOf(devices);
  }

  @Override
  public List<ContentExtent> extents(TreeNode file) {
    Inode inode = file.inode();
    if (inode.sparse().isPresent()) {
      return sparse(inode, inode.sparse().get());
    }
    long start = inode.dataOffset();
    long end = start + inode.size();
    List<ContentExtent> extents = new ArrayList<>();
    long position = start;
    for (Hot hot : rangesIn(layers.get(inode.layer()), start, end)) {
      if (hot.range().layerOffset() > position) {
        extents.addAll(cold(inode, position, hot.range().layerOffset()));
      }
      extents.addAll(hot(inode, hot));
      position = hot.range().layerEnd();
    }
    if (position < end) {
      extents.addAll(cold(inode, position, end));
    }
    return extents;
  }

  @Override
  public List<Long> cutOff(TreeNode file) {
    Inode inode = file.inode();
    return LayerContents.cutOff(inode, locations.get(inode.layer()).length());
  }

  @Override
  public void read(TreeNode file, ByteBuffer target, long position) throws IOException {
    Inode inode = file.inode();
    // by its name and not by its place, where other bytes may be by now
    try (BlobReader layer = blobs.read(layers.get(inode.layer()).digest())) {
      LayerContents.read(inode, (piece, offset) -> fill(layer, piece, offset), target, position);
    }
  }

  private static void fill(BlobReader layer, ByteBuffer target, long offset) throws IOException {
    layer.read(target, offset);
    if (target.hasRemaining()) {
      throw new EOFException("a layer of " + layer.size() + " bytes ends in the middle of a file");
    }
  }

  /** Hot packs hold no parts of sparse files. */
  private List<ContentExtent> sparse(Inode inode, SparseContents contents) {
    List<ContentExtent> extents = new ArrayList<>();
    for (FilePart part : contents.parts()) {
      if (part.source() == FilePart.Source.TAR) {
        long end = part.offset() + part.length();
        extents.addAll(
            extents(part.fileOffset(), locations.get(inode.layer()).range(part.offset(), end)));
      } else {
        extents.add(ContentExtent.outOfTar(part));
      }
    }
    return extents;
  }

  private Iterable<Hot> rangesIn(DiffId layer, long start, long end) {
    NavigableMap<Long, Hot> ranges = packed.get(layer);
    return ranges == null ? List.of() : ranges.subMap(start, true, end, false).values();
  }

  private List<ContentExtent> cold(Inode inode, long from, long to) {
    return extents(from - inode.dataOffset(), locations.get(inode.layer()).range(from, to));
  }

  private List<ContentExtent> hot(Inode inode, Hot hot) {
    PackedRange range = hot.range();
    return extents(
        range.layerOffset() - inode.dataOffset(),
        hot.pack().range(range.packOffset(), range.packOffset() + range.length()));
  }

  private List<ContentExtent> extents(long fileOffset, List<BlobExtent> parts) {
    List<ContentExtent> extents = new ArrayList<>();
    long position = fileOffset;
    for (BlobExtent part : parts) {
      extents.add(new ContentExtent(position, part.length(), deviceOf(part.file()), part.offset()));
      position += part.length();
    }
    return extents;
  }

  /** Devices are counted from 1: 0 is the metadata image itself. */
  private int deviceOf(Path file) {
    return files.indexOf(file) + 1;
  }
}
