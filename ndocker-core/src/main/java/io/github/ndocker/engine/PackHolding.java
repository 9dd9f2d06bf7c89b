package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PackedLayers;
import java.util.Collection;
import java.util.List;

/**
 * What a hot pack takes of its tier. Immutable.
 *
 * @param name the pack
 * @param bytes how many it takes
 * @param usedBytes how many of them somebody needs
 */
record PackHolding(Digest name, long bytes, long usedBytes) {
  /** A copy of the rest is not made for less than this part of a pack. */
  private static final double LEAST_WASTE = 1.0 / 16;

  /** By what each image that uses it needs of it. */
  static PackHolding of(Digest pack, long bytes, Collection<HotPackLayout> users) {
    PackedLayers used = new PackedLayers();
    users.forEach(layout -> used.add(pack, layout));
    return new PackHolding(pack, bytes, used.bytes());
  }

  long wastedBytes() {
    return bytes - usedBytes;
  }

  boolean isWorthCompacting() {
    return wastedBytes() > LEAST_WASTE * bytes;
  }

  static long bytes(List<PackHolding> packs) {
    return packs.stream().mapToLong(PackHolding::bytes).sum();
  }

  static long usedBytes(List<PackHolding> packs) {
    return packs.stream().mapToLong(PackHolding::usedBytes).sum();
  }
}
