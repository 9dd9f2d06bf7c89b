package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Finds out which copies count when a store is opened, from what the tiers list and what the
 * catalogue knows of split and retired ones. Killed at any point, the next one finds the same.
 */
final class StoreOpening {
  private final SplitBlobs splits;
  private final RetiredCopies retired;
  private final Map<Tier, Map<Digest, Long>> listed = new EnumMap<>(Tier.class);
  private final Map<Digest, Placement> current;
  private final Map<Digest, SplitBlob> incomplete;

  StoreOpening(
      Tiers tiers,
      SplitBlobs splits,
      RetiredCopies retired,
      Map<Digest, Placement> current,
      Map<Digest, SplitBlob> incomplete) {
    this.splits = splits;
    this.retired = retired;
    this.current = current;
    this.incomplete = incomplete;
    for (Tier tier : Tier.values()) {
      listed.put(tier, tiers.of(tier).blobs());
    }
  }

  void run() throws IOException {
    retired.forgetMissing();
    findWholeBlobs(Tier.SLOW);
    findWholeBlobs(Tier.FAST);
    findSplitBlobs();
    for (StoredCopy copy : retired.list()) {
      retired.free(copy);
    }
  }

  /** Of a blob on both tiers, left by a crash in a move, the slow copy counts. */
  private void findWholeBlobs(Tier tier) throws IOException {
    for (Digest key : bytesOn(tier).keySet()) {
      StoredCopy copy = StoredCopy.whole(key, tier);
      if (SplitBlob.isPartKey(key)) {
        // what the catalogue does not know, as a part or as a copy set aside, is of no use to
        // anybody
        if (!splits.isPart(key) && !isSetAside(key, tier)) {
          retired.condemn(copy);
        }
      } else if (!retired.contains(copy)
          && current.putIfAbsent(key, Placement.whole(key, tier)) != null) {
        retired.condemn(copy);
      }
    }
  }

  private boolean isSetAside(Digest key, Tier tier) {
    return retired.list().stream().anyMatch(copy -> copy.tier() == tier && copy.key().equals(key));
  }

  /**
   * A blob that is whole somewhere needs no parts. Where one part is missing, the other one is kept
   * until the blob is stored again: its tier may only not be mounted.
   */
  private void findSplitBlobs() throws IOException {
    for (SplitBlob split : splits.list()) {
      boolean complete = true;
      for (StoredCopy part : split.copies()) {
        Long size = bytesOn(part.tier()).get(part.key());
        complete &= size != null && size == split.bytesOn(part.tier()) && !retired.contains(part);
      }
      if (split.runs().isEmpty() || current.containsKey(split.blob())) {
        discard(split);
      } else if (complete) {
        current.put(split.blob(), Placement.of(split));
        SplitBlob other = incomplete.remove(split.blob());
        if (other != null) {
          discard(other);
        }
      } else if (incomplete.putIfAbsent(split.blob(), split) != null) {
        discard(split);
      }
    }
  }

  private void discard(SplitBlob split) throws IOException {
    for (StoredCopy part : split.copies()) {
      if (bytesOn(part.tier()).containsKey(part.key())) {
        retired.condemn(part);
      } else {
        splits.gone(part);
      }
    }
  }

  private Map<Digest, Long> bytesOn(Tier tier) {
    return listed.getOrDefault(tier, Map.of());
  }
}
