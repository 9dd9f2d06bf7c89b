package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.util.List;

/**
 * What of a blob counts: one copy, or the two parts of a split one. Immutable.
 *
 * @param copies where its bytes are
 * @param runs the order of the parts' bytes; none if there is one copy
 */
record Placement(List<StoredCopy> copies, List<SplitBlob.Run> runs) {
  static Placement whole(Digest blob, Tier tier) {
    return new Placement(List.of(StoredCopy.whole(blob, tier)), List.of());
  }

  static Placement of(SplitBlob split) {
    return new Placement(split.copies(), split.runs());
  }

  boolean isOn(Tier tier) {
    return copies.stream().anyMatch(copy -> copy.tier() == tier);
  }

  boolean isWhollyOn(Tier tier) {
    return copies.stream().allMatch(copy -> copy.tier() == tier);
  }
}
