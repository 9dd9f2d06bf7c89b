package io.github.ndocker.spi;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.FaultyMedium.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes one blob of a faulty tier. */
final class FaultyWriter implements TierWriter {
  private final FaultyTier tier;
  private final Stored stored;
  private long reserved;
  private boolean ended;
  private boolean poisoned;

  FaultyWriter(FaultyTier tier, Stored stored, long reserved) {
    this.tier = tier;
    this.stored = stored;
    this.reserved = reserved;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    requireOpen();
    tier.waitForMedium();
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    long needed = stored.length() + bytes.length - reserved;
    if (needed > 0) {
      try {
        tier.take(needed);
      } catch (TierFullException e) {
        close();
        throw e;
      }
      reserved += needed;
    }
    int torn = bytes.length / 2;
    try {
      tier.change(() -> stored.append(bytes, bytes.length));
    } catch (PowerCutException e) {
      if (!e.tookEffect()) {
        stored.append(bytes, torn);
      }
      throw e;
    }
  }

  @Override
  public void force() throws IOException {
    requireOpen();
    tier.waitForMedium();
    try {
      tier.force(stored);
    } catch (PowerCutException e) {
      throw e;
    } catch (IOException e) {
      poisoned = true;
      close();
      throw e;
    }
  }

  @Override
  public void commit(Digest name) throws IOException {
    requireOpen();
    force();
    try {
      tier.name(name, stored);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      tier.give(reserved);
    }
  }

  private void requireOpen() throws IOException {
    if (poisoned) {
      // the medium may say yes now, although the bytes are gone
      tier.misused("a blob whose force had failed was used again");
    }
    if (ended) {
      throw new IOException("the blob was committed or discarded");
    }
  }
}
