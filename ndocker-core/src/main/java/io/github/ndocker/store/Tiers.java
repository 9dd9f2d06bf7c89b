package io.github.ndocker.store;

import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier;
import java.io.Closeable;
import java.io.IOException;

/** The two tiers of a store. */
record Tiers(BlobTier fast, BlobTier slow) implements Closeable {
  BlobTier of(Tier tier) {
    return tier == Tier.FAST ? fast : slow;
  }

  long usedBytes() {
    return fast.usage().usedBytes() + slow.usage().usedBytes();
  }

  @Override
  public void close() throws IOException {
    try (fast) {
      slow.close();
    }
  }
}
