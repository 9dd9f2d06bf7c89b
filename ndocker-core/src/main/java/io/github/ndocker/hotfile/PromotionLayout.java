package io.github.ndocker.hotfile;

import io.github.ndocker.api.DiffId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Where the hot ranges of an image lie: in a pack of its own, and in packs of other images that
 * have the same layers and had packed some of the ranges already. Immutable.
 *
 * @param workloads the workloads whose cold starts read them, in the order in which they were
 *     joined; empty if no start was traced and they were predicted
 * @param minShareOfRuns the share of the runs of a workload that had to read a range, if somebody
 *     has chosen that and the workloads; empty if all that is known was to be packed
 * @param readAhead whether the kernel may read ahead within files: if so many reads are expected
 *     elsewhere that this is worth more than what it costs to read from hot ranges into cold ones
 * @param packs for each pack, the ranges of the image that it holds; a pack may hold more
 */
public record PromotionLayout(
    List<String> workloads,
    OptionalDouble minShareOfRuns,
    boolean readAhead,
    List<HotPackLayout> packs) {
  /**
   * Checks the share, and that no byte is in two places.
   *
   * @throws IllegalArgumentException if one is, or the share is not between 0 and 1
   */
  public PromotionLayout {
    workloads = List.copyOf(workloads);
    packs = List.copyOf(packs);
    double share = minShareOfRuns.orElse(0);
    // written so that NaN fails
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of " + share + " of the runs");
    }
    Map<DiffId, Long> ends = new HashMap<>();
    List<PackedRange> all =
        packs.stream()
            .flatMap(pack -> pack.ranges().stream())
            .sorted(Comparator.comparingLong(PackedRange::layerOffset))
            .toList();
    for (PackedRange range : all) {
      if (range.layerOffset() < Objects.requireNonNullElse(ends.get(range.layer()), 0L)) {
        throw new IllegalArgumentException(
            "byte " + range.layerOffset() + " of " + range.layer() + " is packed twice");
      }
      ends.put(range.layer(), range.layerEnd());
    }
  }

  /**
   * The same labels for other packs.
   *
   * @param others the packs
   * @return a copy
   * @throws IllegalArgumentException if a byte is in two places
   */
  public PromotionLayout withPacks(List<HotPackLayout> others) {
    return new PromotionLayout(workloads, minShareOfRuns, readAhead, others);
  }

  /**
   * How many bytes of the image are hot.
   *
   * @return the sum of all ranges, in bytes
   */
  public long bytes() {
    return packs.stream()
        .flatMap(pack -> pack.ranges().stream())
        .mapToLong(PackedRange::length)
        .sum();
  }
}
