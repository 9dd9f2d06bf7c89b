package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Hashes what it writes as a whole, and keeps in mind which bytes went where. */
final class SplitWriter implements SplitBlobWriter {
  private static final int BLOCK = 512;

  private final TwoTierStore store;
  private final MessageDigest sha256 = Sha256.start();
  private final Map<Tier, TierWriter> writers = new EnumMap<>(Tier.class);
  private final List<SplitBlob.Run> runs = new ArrayList<>();
  private long written;
  private boolean ended;

  SplitWriter(TwoTierStore store) {
    this.store = store;
  }

  @Override
  public void write(Tier tier, ByteBuffer source) throws IOException {
    requireOpen();
    int count = source.remaining();
    if (count == 0) {
      return;
    }
    int last = runs.size() - 1;
    boolean goesOn = last >= 0 && runs.get(last).tier() == tier;
    if (!goesOn && written % BLOCK != 0) {
      throw new IllegalArgumentException("no extent can begin at byte " + written);
    }
    sha256.update(source.duplicate());
    writerOn(tier).write(source);
    written += count;
    if (goesOn) {
      runs.set(last, new SplitBlob.Run(tier, runs.get(last).length() + count));
    } else {
      runs.add(new SplitBlob.Run(tier, count));
    }
  }

  @Override
  public void commit(Digest expected) throws IOException {
    requireOpen();
    // closing is harmless after a commit, and discards what was not needed or failed
    try (SplitWriter closing = this) {
      ended = true;
      Digest found = Digest.sha256(sha256.digest());
      if (!found.equals(expected)) {
        throw new DigestMismatchException("a blob to be stored", expected, found);
      }
      if (writers.size() > 1) {
        store.publish(found, writers, runs);
      } else {
        // an empty blob has to lie somewhere too
        Tier tier = runs.isEmpty() ? Tier.SLOW : runs.get(0).tier();
        store.publish(tier, writerOn(tier), found);
      }
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    IOException failure = null;
    for (TierWriter writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private TierWriter writerOn(Tier tier) throws IOException {
    TierWriter writer = writers.get(tier);
    if (writer == null) {
      writer = store.begin(tier, 0);
      writers.put(tier, writer);
    }
    return writer;
  }

  private void requireOpen() throws IOException {
    if (ended) {
      throw new IOException("the blob was committed or discarded");
    }
  }
}
