package io.github.ndocker.engine;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PackedRange;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parts of its layers that an image needs to be fast, in as little memory as that takes: there
 * may be thousands of images with thousands of ranges each. Immutable.
 */
final class HotNeeds {
  /** The disk of the evaluation, {@code hdd}; see src-docs/prediction.md. */
  private static final double SECONDS_PER_READ = 1.0 / 150;

  private static final double SECONDS_PER_BYTE = 1 / 120e6;

  /** Persistent memory as the paper has it: 3.6 GB/s. A read of it begins at once. */
  private static final double FAST_SECONDS_PER_BYTE = 1 / 3.6e9;

  /** Nothing. */
  static final HotNeeds NONE = new HotNeeds(Map.of());

  /** Of each layer first bytes and ends, in turn: ascending, and apart. */
  private final Map<DiffId, long[]> edges;

  private HotNeeds(Map<DiffId, long[]> edges) {
    this.edges = edges;
  }

  /** Ranges that touch in a layer are one; each takes whole blocks, as in a pack. */
  static HotNeeds of(Collection<HotPackLayout> layouts) {
    Map<DiffId, long[]> ranges = new LinkedHashMap<>();
    Map<DiffId, Integer> sizes = new HashMap<>();
    for (HotPackLayout layout : layouts) {
      for (PackedRange range : layout.ranges()) {
        int size = sizes.merge(range.layer(), 2, Integer::sum);
        long[] pairs = ranges.computeIfAbsent(range.layer(), layer -> new long[16]);
        if (size > pairs.length) {
          pairs = Arrays.copyOf(pairs, 2 * pairs.length);
          ranges.put(range.layer(), pairs);
        }
        // layers are tars: all that is in them begins at a block, so no two ranges share one
        pairs[size - 2] = range.layerOffset();
        pairs[size - 1] = HotPackLayout.nextBlock(range.layerEnd());
      }
    }
    ranges.replaceAll((layer, pairs) -> merged(pairs, sizes.getOrDefault(layer, 0)));
    return new HotNeeds(Map.copyOf(ranges));
  }

  private static long[] merged(long[] pairs, int size) {
    long[][] sorted = new long[size / 2][];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = new long[] {pairs[2 * i], pairs[2 * i + 1]};
    }
    Arrays.sort(sorted, (one, other) -> Long.compare(one[0], other[0]));
    long[] edges = new long[size];
    int last = 0;
    for (long[] range : sorted) {
      if (last > 0 && range[0] <= edges[last - 1]) {
        edges[last - 1] = Math.max(edges[last - 1], range[1]);
      } else {
        edges[last++] = range[0];
        edges[last++] = range[1];
      }
    }
    return Arrays.copyOf(edges, last);
  }

  Map<DiffId, long[]> edges() {
    return edges;
  }

  boolean isEmpty() {
    return edges.isEmpty();
  }

  long bytes() {
    long sum = 0;
    for (long[] layer : edges.values()) {
      for (int i = 0; i < layer.length; i += 2) {
        sum += layer[i + 1] - layer[i];
      }
    }
    return sum;
  }

  /**
   * By how much a cold start is faster with all of this on the fast tier, as a guess: each range
   * costs a seek of a disk. Good for comparing images.
   */
  double secondsSaved() {
    long reads = edges.values().stream().mapToLong(layer -> layer.length / 2).sum();
    return reads * SECONDS_PER_READ + bytes() * (SECONDS_PER_BYTE - FAST_SECONDS_PER_BYTE);
  }

  boolean isSame(HotNeeds other) {
    return edges.keySet().equals(other.edges.keySet())
        && edges.entrySet().stream()
            .allMatch(layer -> Arrays.equals(layer.getValue(), other.edges.get(layer.getKey())));
  }
}
