package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PackedLayers;
import java.util.List;
import java.util.Map;

/**
 * What a hot pack takes of its tier. Immutable.
 *
 * @param name the pack
 * @param bytes how many it takes
 * @param usedBytes how many of them somebody needs
 * @param users the images that need them
 */
record PackHolding(Digest name, long bytes, long usedBytes, List<ChainId> users) {
  /** A copy of the rest is not made for less than this part of a pack. */
  private static final double LEAST_WASTE = 1.0 / 16;

  PackHolding {
    users = List.copyOf(users);
  }

  /** By what each image that uses it needs of it. */
  static PackHolding of(Digest pack, long bytes, Map<ChainId, HotPackLayout> users) {
    PackedLayers used = new PackedLayers();
    users.values().forEach(layout -> used.add(pack, layout));
    return new PackHolding(pack, bytes, used.bytes(), List.copyOf(users.keySet()));
  }

  long wastedBytes() {
    return bytes - usedBytes;
  }

  /** One that nobody can be given a copy of goes by itself, with the promotions that name it. */
  boolean isWorthCompacting() {
    return !users.isEmpty() && wastedBytes() > LEAST_WASTE * bytes;
  }

  static long usedBytes(List<PackHolding> packs) {
    return packs.stream().mapToLong(PackHolding::usedBytes).sum();
  }
}
