package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Copies a blob between tiers and checks the bytes on the way. */
final class VerifiedCopy {
  // large enough that a disk streams
  private static final int CHUNK = 1 << 20;

  private VerifiedCopy() {}

  static void copy(BlobReader original, TierWriter copy, Digest name) throws IOException {
    read(original, name, copy::write);
    copy.commit(name);
  }

  /**
   * Reads all of a blob.
   *
   * @throws DigestMismatchException if it is not the one it is called
   */
  static void verify(BlobReader blob, Digest name) throws IOException {
    read(blob, name, chunk -> {});
  }

  private static void read(BlobReader blob, Digest name, ChunkReceiver receiver)
      throws IOException {
    MessageDigest sha256 = Sha256.start();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long position = 0;
    while (position < blob.size()) {
      int count = blob.read(chunk.clear(), position);
      if (count <= 0) {
        throw new IOException("blob " + name + " ends at byte " + position + " of " + blob.size());
      }
      position += count;
      sha256.update(chunk.flip().duplicate());
      receiver.accept(chunk);
    }
    Digest found = Digest.sha256(sha256.digest());
    if (!found.equals(name)) {
      throw new DigestMismatchException("a stored blob, when it was read", name, found);
    }
  }

  /** What is done with the bytes, in their order, before anybody knows whether they are right. */
  private interface ChunkReceiver {
    void accept(ByteBuffer chunk) throws IOException;
  }
}
