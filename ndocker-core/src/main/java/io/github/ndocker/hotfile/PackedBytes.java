package io.github.ndocker.hotfile;

import io.github.ndocker.api.DiffId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which bytes of which layers an image has in packs, whichever pack that is. For one thread. */
final class PackedBytes {
  /** By layer, the first byte of each range and the one after its last. */
  private final Map<DiffId, NavigableMap<Long, Long>> layers = new HashMap<>();

  /** A part of a layer, from its first byte to the one after its last. */
  record Part(DiffId layer, long from, long to) {
    long bytes() {
      return to - from;
    }
  }

  /** Of packs of one image, which hold no byte twice. */
  PackedBytes(Collection<HotPackLayout> packs) {
    for (HotPackLayout pack : packs) {
      for (PackedRange range : pack.ranges()) {
        layers
            .computeIfAbsent(range.layer(), layer -> new TreeMap<>())
            .put(range.layerOffset(), range.layerEnd());
      }
    }
  }

  /** What of a part is in no pack, ascending and apart. */
  List<Part> missingOf(Part wanted) {
    NavigableMap<Long, Long> packed = layers.getOrDefault(wanted.layer(), new TreeMap<>());
    Map.Entry<Long, Long> before = packed.floorEntry(wanted.from());
    long at = before == null ? wanted.from() : Math.max(wanted.from(), before.getValue());
    List<Part> missing = new ArrayList<>();
    for (Map.Entry<Long, Long> range :
        packed.subMap(wanted.from(), false, wanted.to(), false).entrySet()) {
      if (range.getKey() > at) {
        missing.add(new Part(wanted.layer(), at, range.getKey()));
      }
      at = Math.max(at, range.getValue());
    }
    if (at < wanted.to()) {
      missing.add(new Part(wanted.layer(), at, wanted.to()));
    }
    return missing;
  }
}
