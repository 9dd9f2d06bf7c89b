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

  private static void copy(
      BlobReader original, TierWriter copy, Digest name, Pace pace, StillWanted wanted)
      throws IOException {
    long[] unforced = new long[1];
    read(
        original,
        name,
        pace,
        wanted,
        chunk -> {
          unforced[0] += chunk.remaining();
          copy.write(chunk);
          if (unforced[0] >= pace.forceBytes()) {
            copy.force();
            unforced[0] = 0;
          }
        });
    // the longest wait of a commit, which has the lock
    copy.force();
  }

  /**
   * Reads all of a blob.
   *
   * @throws DigestMismatchException if it is not the one it is called
   */
  static void verify(BlobReader blob, Digest name) throws IOException {
    read(blob, name, Pace.FULL, () -> {}, chunk -> {});
  }

  private static void read(
      BlobReader blob, Digest name, Pace pace, StillWanted wanted, ChunkReceiver receiver)
      throws IOException {
    MessageDigest sha256 = Sha256.start();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long position = 0;
    while (position < blob.size()) {
      pace.await((int) Math.min(CHUNK, blob.size() - position), wanted);
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
