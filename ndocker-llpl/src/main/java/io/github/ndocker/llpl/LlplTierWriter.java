package io.github.ndocker.llpl;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes one blob into the heap, in chunks, each of which LLPL flushes from the CPU's caches. */
final class LlplTierWriter implements TierWriter {
  private static final int CHUNK = 1 << 20;

  private final LlplTier tier;
  private final byte[] chunk = new byte[CHUNK];
  private int pending;
  private long written;
  // none before the first full chunk if the size is unknown, so that a small blob fits exactly
  private @Nullable BlobBlock block;
  private boolean ended;

  LlplTierWriter(LlplTier tier, long expectedBytes) throws TierFullException {
    this.tier = tier;
    if (expectedBytes > 0) {
      block = tier.directory().allocate(expectedBytes);
    }
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    requireOpen();
    while (source.hasRemaining()) {
      int count = Math.min(source.remaining(), CHUNK - pending);
      source.get(chunk, pending, count);
      pending += count;
      if (pending == CHUNK) {
        drain();
      }
    }
  }

  private void drain() throws IOException {
    BlobBlock target = blockFor(written + pending);
    target.put(written, chunk, pending);
    written += pending;
    pending = 0;
  }

  private BlobBlock blockFor(long length) throws TierFullException {
    BlobBlock present = block;
    if (present == null) {
      present = tier.directory().allocate(length);
      block = present;
    } else if (present.room() < length) {
      present = grow(present, length);
    }
    return present;
  }

  private BlobBlock grow(BlobBlock present, long length) throws TierFullException {
    try {
      // doubled, so that a blob of unknown size is copied about once in total
      return moveTo(tier.directory().allocate(Math.max(length, 2 * present.room())), present);
    } catch (TierFullException e) {
      if (2 * present.room() <= length) {
        throw e;
      }
      return moveTo(tier.directory().allocate(length), present);
    }
  }

  private BlobBlock moveTo(BlobBlock larger, BlobBlock present) {
    block = larger;
    larger.copyFrom(present, written);
    tier.directory().free(present);
    return larger;
  }

  @Override
  public void commit(Digest name) throws IOException {
    requireOpen();
    try {
      drain();
      BlobBlock complete = fitted(blockFor(written));
      if (tier.publish(complete, written, name)) {
        block = null;
      }
    } finally {
      close();
    }
  }

  /** The block, or a smaller one if the guess was much too large. */
  private BlobBlock fitted(BlobBlock present) {
    if (present.room() - written <= Math.max(CHUNK, written / 4)) {
      return present;
    }
    try {
      return moveTo(tier.directory().allocate(written), present);
    } catch (TierFullException e) {
      return present; // it wastes space, but it is there
    }
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      BlobBlock unwanted = block;
      block = null;
      // a closed tier's half-written blocks are freed when it is opened again
      if (unwanted != null && !tier.isClosed()) {
        tier.directory().free(unwanted);
      }
    }
  }

  private void requireOpen() throws IOException {
    tier.requireOpen();
    if (ended) {
      throw new IOException("the blob was committed or discarded");
    }
  }
}
