package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;

/** Copies a blob between tiers and checks the bytes on the way. */
final class VerifiedCopy {
  // large enough that a disk streams
  static final int CHUNK = 1 << 20;

  private VerifiedCopy() {}

  /**
   * Copies without the blob's lock, so that nobody waits for a slow copy, and switches under it.
   * False if the blob was moved or deleted meanwhile; then nothing is left of the copy.
   */
  static boolean move(
      TwoTierStore store, Digest blob, Placement source, Tier target, Pace pace, StillWanted wanted)
      throws IOException {
    Optional<BlobReader> found = store.read(blob, source);
    if (found.isEmpty()) {
      return false;
    }
    try (BlobReader original = found.get();
        TierWriter copy = store.begin(target, original.size())) {
      copy(original, copy, blob, pace, wanted.and(store.whileItCounts(blob, source)));
      // the longest wait of a commit, without the lock
      copy.force();
      // before the switch, or the original would be kept for this reader
      original.close();
      return store.switchTo(blob, source, target, copy);
    } catch (PlacementChangedException e) {
      return false;
    } catch (DigestMismatchException e) {
      store.events().damaged(blob, e);
      throw e;
    }
  }

  /** Leaves it to the caller to commit the copy. */
  private static void copy(
      BlobReader original, TierWriter copy, Digest name, Pace pace, StillWanted wanted)
      throws IOException {
    MessageDigest sha256 = Sha256.start();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long position = 0;
    long unforced = 0;
    while (position < original.size()) {
      pace.await((int) Math.min(CHUNK, original.size() - position), wanted);
      int count = original.read(chunk.clear(), position);
      if (count <= 0) {
        throw new IOException(
            "blob " + name + " ends at byte " + position + " of " + original.size());
      }
      position += count;
      sha256.update(chunk.flip().duplicate());
      copy.write(chunk);
      unforced += count;
      if (unforced >= pace.forceBytes()) {
        copy.force();
        unforced = 0;
      }
    }
    Digest found = Digest.sha256(sha256.digest());
    if (!found.equals(name)) {
      throw new DigestMismatchException("the stored blob, while it was copied", name, found);
    }
  }
}
