package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;

/**
 * Bytes of a blob on one tier: all of them, or those that are there of a split one.
 *
 * @param blob whose bytes
 * @param tier where they are
 * @param key what the tier calls them: the blob's digest if it is all of it
 */
record StoredCopy(Digest blob, Tier tier, Digest key) {
  static StoredCopy whole(Digest blob, Tier tier) {
    return new StoredCopy(blob, tier, blob);
  }

  boolean isPart() {
    return !key.equals(blob);
  }
}
