package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reports when a tier is too full. */
record ReportingWriter(Tier tier, TierWriter writer, StoreEvents events) implements TierWriter {
  /** Begins a blob on a tier. */
  static TierWriter begin(Tier role, BlobTier tier, long expectedBytes, StoreEvents events)
      throws IOException {
    try {
      return new ReportingWriter(role, tier.write(expectedBytes), events);
    } catch (TierFullException e) {
      events.refused(role, e);
      throw e;
    }
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    try {
      writer.write(source);
    } catch (TierFullException e) {
      events.refused(tier, e);
      throw e;
    }
  }

  @Override
  public void force() throws IOException {
    writer.force();
  }

  @Override
  public void commit(Digest name) throws IOException {
    // what was written behind may find the medium full only now
    try {
      writer.commit(name);
    } catch (TierFullException e) {
      events.refused(tier, e);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
