package io.github.ndocker.hotfile;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which ranges of which layers lie in packs already, so that another image with the same layers
 * needs no second copy of them. For one thread.
 */
public final class PackedLayers {
  private final Map<DiffId, NavigableMap<Long, Copy>> layers = new HashMap<>();

  /** Nothing is packed. */
  public PackedLayers() {}

  private record Copy(Digest pack, PackedRange range) {}

  /**
   * The parts of a layout by where they are to be found.
   *
   * @param present for each pack that holds some, the parts as they lie in it, ascending; the
   *     ranges of a layer may be in pieces
   * @param missing the rest, laid out as a pack of its own in the order of the original
   */
  public record Division(Map<Digest, HotPackLayout> present, HotPackLayout missing) {}

  /**
   * Adds what a pack holds. Of two copies of a byte the first one counts.
   *
   * @param pack its digest
   * @param layout all or some of its ranges
   */
  public void add(Digest pack, HotPackLayout layout) {
    for (PackedRange range : layout.ranges()) {
      NavigableMap<Long, Copy> layer =
          layers.computeIfAbsent(range.layer(), name -> new TreeMap<>());
      long begin = range.layerOffset();
      for (Copy known : List.copyOf(overlapping(layer, begin, range.layerEnd()))) {
        if (known.range().layerOffset() > begin) {
          put(layer, pack, range, begin, known.range().layerOffset());
        }
        begin = Math.max(begin, known.range().layerEnd());
      }
      if (begin < range.layerEnd()) {
        put(layer, pack, range, begin, range.layerEnd());
      }
    }
  }

  /**
   * How much is packed.
   *
   * @return what all ranges take, in bytes; those that several packs hold count once
   */
  public long bytes() {
    return layers.values().stream()
        .flatMap(layer -> layer.values().stream())
        .mapToLong(copy -> HotPackLayout.nextBlock(copy.range().length()))
        .sum();
  }

  /**
   * Divides a layout into what lies in packs and what does not.
   *
   * @param wanted what an image needs
   * @return all of it, each byte once
   */
  public Division divide(HotPackLayout wanted) {
    Map<Digest, List<PackedRange>> present = new LinkedHashMap<>();
    List<PackedRange> missing = new ArrayList<>();
    long end = 0;
    for (PackedRange range : wanted.ranges()) {
      NavigableMap<Long, Copy> layer = layers.getOrDefault(range.layer(), new TreeMap<>());
      long begin = range.layerOffset();
      for (Copy copy : overlapping(layer, begin, range.layerEnd())) {
        long from = Math.max(begin, copy.range().layerOffset());
        long to = Math.min(range.layerEnd(), copy.range().layerEnd());
        if (!isAligned(copy.range(), from) || (to < range.layerEnd() && !isAligned(range, to))) {
          continue;
        }
        if (from > begin) {
          end = append(missing, range.layer(), begin, from, end);
        }
        present
            .computeIfAbsent(copy.pack(), name -> new ArrayList<>())
            .add(part(copy.range(), from, to));
        begin = to;
      }
      if (begin < range.layerEnd()) {
        end = append(missing, range.layer(), begin, range.layerEnd(), end);
      }
    }
    Map<Digest, HotPackLayout> layouts = new LinkedHashMap<>();
    present.forEach((pack, ranges) -> layouts.put(pack, HotPackLayout.inOrder(ranges)));
    return new Division(layouts, new HotPackLayout(missing));
  }

  /** A part of a range can only be used if it begins at a block of the pack, and of the file. */
  private static boolean isAligned(PackedRange range, long position) {
    return (position - range.layerOffset()) % HotPackLayout.ALIGNMENT == 0;
  }

  private static long append(
      List<PackedRange> ranges, DiffId layer, long from, long to, long packOffset) {
    ranges.add(new PackedRange(layer, from, to - from, packOffset));
    return HotPackLayout.nextBlock(packOffset + to - from);
  }

  private static Collection<Copy> overlapping(
      NavigableMap<Long, Copy> layer, long begin, long end) {
    Map.Entry<Long, Copy> before = layer.floorEntry(begin);
    boolean reachesIn = before != null && before.getValue().range().layerEnd() > begin;
    return layer.subMap(reachesIn ? before.getKey() : begin, true, end, false).values();
  }

  private static void put(
      NavigableMap<Long, Copy> layer, Digest pack, PackedRange range, long from, long to) {
    if (isAligned(range, from)) {
      layer.put(from, new Copy(pack, part(range, from, to)));
    }
  }

  private static PackedRange part(PackedRange range, long from, long to) {
    return new PackedRange(
        range.layer(), from, to - from, range.packOffset() + from - range.layerOffset());
  }
}
