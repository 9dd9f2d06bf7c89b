package io.github.ndocker.store;

import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Hashes what it writes, so that a blob's name is known, and checked, before it is visible. */
final class HashingWriter implements BlobWriter {
  private final TwoTierStore store;
  private final Tier tier;
  private final TierWriter writer;
  private final MessageDigest sha256 = Sha256.start();
  private boolean ended;

  HashingWriter(TwoTierStore store, Tier tier, TierWriter writer) {
    this.store = store;
    this.tier = tier;
    this.writer = writer;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    requireOpen();
    sha256.update(source.duplicate());
    writer.write(source);
  }

  @Override
  public Digest commit() throws IOException {
    Digest name = end();
    publish(name);
    return name;
  }

  @Override
  public void commit(Digest expected) throws IOException {
    Digest found = end();
    if (!found.equals(expected)) {
      writer.close();
      throw new DigestMismatchException("a blob to be stored", expected, found);
    }
    publish(found);
  }

  @Override
  public void close() throws IOException {
    ended = true;
    writer.close();
  }

  private Digest end() throws IOException {
    requireOpen();
    ended = true;
    return Digest.sha256(sha256.digest());
  }

  private void publish(Digest name) throws IOException {
    // closing after a commit is harmless, and discards what was not needed or failed
    try (writer) {
      store.publish(tier, writer, name);
    }
  }

  private void requireOpen() throws IOException {
    if (ended) {
      throw new IOException("the blob was committed or discarded");
    }
  }
}
