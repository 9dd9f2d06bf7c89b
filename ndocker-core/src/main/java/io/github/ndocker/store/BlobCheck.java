package io.github.ndocker.store;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads a stored blob and compares it with its digest. */
final class BlobCheck {
  private BlobCheck() {}

  /**
   * Checks one blob. It can be moved or deleted meanwhile, which ends the check.
   *
   * @param wanted what it throws ends the check, and is thrown
   * @return what is wrong with it; empty if nothing is, or if it was moved, or if there is none
   */
  static Optional<IOException> check(TwoTierStore store, Digest blob, Pace pace, StillWanted wanted)
      throws IOException {
    Optional<Placement> placement = store.placement(blob);
    if (placement.isEmpty()) {
      return Optional.empty();
    }
    StillWanted all = wanted.and(store.whileItCounts(blob, placement.get()));
    try {
      compare(store, blob, placement.get(), pace, all);
      return Optional.empty();
    } catch (PlacementChangedException e) {
      return Optional.empty();
    } catch (IOException e) {
      wanted.check();
      // a file that is gone because its blob is
      return store.placement(blob).equals(placement) ? Optional.of(e) : Optional.empty();
    }
  }

  private static void compare(
      TwoTierStore store, Digest blob, Placement placement, Pace pace, StillWanted wanted)
      throws IOException {
    // the reader keeps the space of the copies from being used again meanwhile
    Optional<BlobReader> keeping = store.read(blob, placement);
    if (keeping.isEmpty()) {
      throw new PlacementChangedException(blob);
    }
    try (BlobReader kept = keeping.get()) {
      List<BlobExtent> extents =
          store
              .tiers()
              .locate(placement)
              .map(BlobLocation::extents)
              .orElseThrow(() -> new BlobNotFoundException(blob));
      MessageDigest hash = start(blob);
      try (UncachedReader reader = new UncachedReader(extents, VerifiedCopy.CHUNK)) {
        for (int next = reader.nextBytes(); next > 0; next = reader.nextBytes()) {
          pace.await(next, wanted);
          ByteBuffer piece = reader.read();
          hash.update(piece);
        }
      }
      Digest found = new Digest(blob.algorithm(), HexFormat.of().formatHex(hash.digest()));
      if (!found.equals(blob)) {
        throw new DigestMismatchException("the stored blob " + blob, blob, found);
      }
    }
  }

  private static MessageDigest start(Digest blob) {
    try {
      return MessageDigest.getInstance(blob.javaAlgorithm());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + blob.javaAlgorithm(), e);
    }
  }
}
