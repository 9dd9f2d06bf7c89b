package io.github.ndocker.hotfile;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a hot pack holds, in its order: the ranges a cold start reads, back to back, in the order of
 * first access. Immutable.
 *
 * <p>A range covers whole pages of its file, because the kernel reads pages: 4 KiB exactly what was
 * read cost the fewest bytes, and with read-ahead off not one read of the slow medium (measured;
 * see the architecture page).
 *
 * @param ranges the ranges, ascending and apart in the pack
 */
public record HotPackLayout(List<PackedRange> ranges) {
  /** Where a range may begin in the pack: an EROFS block. */
  public static final int ALIGNMENT = 512;

  private static final int PAGE = 4096;

  /**
   * Checks that the ranges are ascending and apart in the pack.
   *
   * @throws IllegalArgumentException if they are not
   */
  public HotPackLayout {
    ranges = List.copyOf(ranges);
    long end = 0;
    for (PackedRange range : ranges) {
      if (range.packOffset() < end) {
        throw new IllegalArgumentException(
            "two ranges at " + range.packOffset() + " of a hot pack");
      }
      end = range.packOffset() + range.length();
    }
  }

  /**
   * Lays out a pack.
   *
   * @param files the hot files in the order of the pack; a path that the image does not hold as a
   *     regular file, and a range past a file's end, is left out. What comes twice is packed where
   *     it comes first
   * @param tree the image
   * @param layers the image's layers from the bottom up
   * @param wholeBytes files of at most this size are taken as a whole, if any of their bytes are
   *     hot
   * @return the layout
   */
  public static HotPackLayout of(
      List<HotFile> files, MergedTree tree, List<DiffId> layers, long wholeBytes) {
    List<PackedRange> ranges = new ArrayList<>();
    Map<Inode, BitSet> packed = new HashMap<>();
    long packOffset = 0;
    for (HotFile file : files) {
      Optional<Inode> found = tree.find(file.path()).map(TreeNode::inode);
      if (found.isEmpty() || found.get().type() != EntryType.REGULAR) {
        continue;
      }
      Inode inode = found.get();
      if (inode.size() == 0 || inode.sparse().isPresent()) {
        // sparse files are rare, and in pieces: they stay in their layers
        continue;
      }
      boolean whole = inode.size() <= wholeBytes && !file.ranges().isEmpty();
      List<ByteRange> read = whole ? List.of(new ByteRange(0, inode.size())) : file.ranges();
      BitSet before = packed.computeIfAbsent(inode, one -> new BitSet());
      for (ByteRange pages : newPages(read, inode.size(), before)) {
        PackedRange range =
            new PackedRange(
                layers.get(inode.layer()),
                inode.dataOffset() + pages.offset(),
                pages.length(),
                packOffset);
        ranges.add(range);
        packOffset = nextBlock(packOffset + range.length());
      }
    }
    return new HotPackLayout(ranges);
  }

  /**
   * The packed parts of one stretch of a layer, such as a file.
   *
   * @param layer the layer
   * @param offset first byte of the stretch, from the start of the tar
   * @param length in bytes
   * @return the ranges that begin in it, ascending in the layer
   */
  public List<PackedRange> within(DiffId layer, long offset, long length) {
    return ranges.stream()
        .filter(range -> range.layer().equals(layer))
        .filter(range -> range.layerOffset() >= offset && range.layerOffset() - offset < length)
        .sorted(Comparator.comparingLong(PackedRange::layerOffset))
        .toList();
  }

  /**
   * The size of the pack: whole blocks, for the kernel reads no part of one (it reports an I/O
   * error for a last block that the file does not have in full).
   *
   * @return bytes
   */
  public long bytes() {
    if (ranges.isEmpty()) {
      return 0;
    }
    PackedRange last = ranges.get(ranges.size() - 1);
    return nextBlock(last.packOffset() + last.length());
  }

  /**
   * The whole pages that the ranges touch and that were not packed before, cut at the end of the
   * file, merged where they meet.
   */
  private static List<ByteRange> newPages(List<ByteRange> ranges, long size, BitSet before) {
    List<ByteRange> pages = new ArrayList<>();
    for (ByteRange range : ranges) {
      if (range.offset() >= size) {
        break;
      }
      // size bounds the sum: no overflow at the far end of a file that is not there
      int end = (int) ((Math.min(range.end(), size) - 1) / PAGE) + 1;
      int first = before.nextClearBit((int) (range.offset() / PAGE));
      while (first < end) {
        int packed = before.nextSetBit(first);
        int next = packed < 0 ? end : Math.min(packed, end);
        before.set(first, next);
        add(pages, (long) first * PAGE, Math.min((long) next * PAGE, size));
        first = before.nextClearBit(next);
      }
    }
    return pages;
  }

  private static void add(List<ByteRange> pages, long from, long to) {
    int last = pages.size() - 1;
    if (last >= 0 && pages.get(last).end() == from) {
      pages.set(last, new ByteRange(pages.get(last).offset(), to - pages.get(last).offset()));
    } else {
      pages.add(new ByteRange(from, to - from));
    }
  }

  /**
   * What the ranges take of a pack, which may hold others too.
   *
   * @return bytes, in whole blocks
   */
  public long blockBytes() {
    return ranges.stream().mapToLong(range -> nextBlock(range.length())).sum();
  }

  /**
   * A new pack of ranges that lie elsewhere.
   *
   * @param ranges where in their layers, in the order of the new pack
   * @return its layout
   */
  public static HotPackLayout backToBack(List<PackedRange> ranges) {
    List<PackedRange> packed = new ArrayList<>();
    long packOffset = 0;
    for (PackedRange range : ranges) {
      packed.add(new PackedRange(range.layer(), range.layerOffset(), range.length(), packOffset));
      packOffset = nextBlock(packOffset + range.length());
    }
    return new HotPackLayout(packed);
  }

  /**
   * This and more of the same pack.
   *
   * @param more other ranges of it
   * @return all of them
   * @throws IllegalArgumentException if one is in both
   */
  public HotPackLayout with(HotPackLayout more) {
    return inOrder(Stream.concat(ranges.stream(), more.ranges.stream()).toList());
  }

  /** A layout of ranges that lie in a pack already, in any order. */
  static HotPackLayout inOrder(List<PackedRange> ranges) {
    return new HotPackLayout(
        ranges.stream().sorted(Comparator.comparingLong(PackedRange::packOffset)).toList());
  }

  /**
   * Where the next range may begin: packs are read in blocks of {@link #ALIGNMENT} bytes.
   *
   * @param end the byte after the last one, not negative
   * @return the first byte of a block that is not before it
   */
  public static long nextBlock(long end) {
    return roundUp(end, ALIGNMENT);
  }

  private static long roundUp(long value, int unit) {
    return (value + unit - 1) / unit * unit;
  }
}
