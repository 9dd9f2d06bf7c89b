package io.github.ndocker.engine;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.budget.HotSegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hot bytes of several images, parted by who needs them: bytes that the same images need come
 * and go together, in whatever layers they lie, so they are one segment. Exact. Immutable.
 */
final class SharedSegments {
  private final List<List<HotSegment>> ofImages;
  private final long bytes;

  private SharedSegments(List<List<HotSegment>> ofImages, long bytes) {
    this.ofImages = ofImages;
    this.bytes = bytes;
  }

  /** A range of an image begins or ends. */
  private record Edge(long at, int image, boolean begins) {}

  static SharedSegments of(List<HotNeeds> needs) {
    Set<DiffId> layers = new LinkedHashSet<>();
    needs.forEach(image -> layers.addAll(image.edges().keySet()));
    Map<BitSet, Long> sizes = new LinkedHashMap<>();
    for (DiffId layer : layers) {
      sweep(edges(needs, layer), sizes);
    }
    List<List<HotSegment>> ofImages = new ArrayList<>();
    needs.forEach(image -> ofImages.add(new ArrayList<>()));
    int count = 0;
    long sum = 0;
    for (Map.Entry<BitSet, Long> users : sizes.entrySet()) {
      HotSegment segment = new HotSegment("segment " + count++, users.getValue());
      users.getKey().stream().forEach(image -> ofImages.get(image).add(segment));
      sum += segment.bytes();
    }
    return new SharedSegments(ofImages, sum);
  }

  private static List<Edge> edges(List<HotNeeds> needs, DiffId layer) {
    List<Edge> edges = new ArrayList<>();
    for (int image = 0; image < needs.size(); image++) {
      long[] ends = needs.get(image).edges().getOrDefault(layer, new long[0]);
      for (int i = 0; i < ends.length; i++) {
        edges.add(new Edge(ends[i], image, i % 2 == 0));
      }
    }
    edges.sort(Comparator.comparingLong(Edge::at));
    return edges;
  }

  private static void sweep(List<Edge> edges, Map<BitSet, Long> sizes) {
    BitSet users = new BitSet();
    long since = 0;
    for (Edge edge : edges) {
      if (edge.at() > since && !users.isEmpty()) {
        long length = edge.at() - since;
        Long before = sizes.get(users);
        if (before == null) {
          sizes.put((BitSet) users.clone(), length);
        } else {
          // the key that is there stays: this one changes
          sizes.replace(users, before + length);
        }
      }
      since = edge.at();
      users.set(edge.image(), edge.begins());
    }
  }

  /** Those of the image with this number. */
  List<HotSegment> ofImage(int image) {
    return ofImages.get(image);
  }

  /** All of them. */
  long bytes() {
    return bytes;
  }
}
