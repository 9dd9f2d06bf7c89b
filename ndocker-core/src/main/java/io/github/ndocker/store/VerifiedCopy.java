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
    MessageDigest sha256 = Sha256.start();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long position = 0;
    while (position < original.size()) {
      int count = original.read(chunk.clear(), position);
      if (count <= 0) {
        throw new IOException(
            "blob " + name + " ends at byte " + position + " of " + original.size());
      }
      position += count;
      sha256.update(chunk.flip().duplicate());
      copy.write(chunk);
    }
    Digest found = Digest.sha256(sha256.digest());
    if (!found.equals(name)) {
      throw new DigestMismatchException("the stored blob, while it was copied", name, found);
    }
    copy.commit(name);
  }
}
