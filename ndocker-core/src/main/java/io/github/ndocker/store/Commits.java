package io.github.ndocker.store;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes written blobs visible. Of one that is there already, the bytes are read first; if they are
 * damaged, the new ones take their place, once they are durable. All under the lock of the blob.
 */
final class Commits {
  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  private final SecureRandom random = new SecureRandom();
  private final Tiers tiers;
  private final SplitBlobs splits;
  private final RetiredCopies retired;
  private final StoreEvents events;
  private final Map<Digest, Placement> current;
  private final Map<Digest, SplitBlob> incomplete;

  Commits(
      Tiers tiers,
      SplitBlobs splits,
      RetiredCopies retired,
      StoreEvents events,
      Map<Digest, Placement> current,
      Map<Digest, SplitBlob> incomplete) {
    this.tiers = tiers;
    this.splits = splits;
    this.retired = retired;
    this.events = events;
    this.current = current;
    this.incomplete = incomplete;
  }

  void publish(Tier tier, TierWriter writer, Digest name) throws IOException {
    if (isIntact(name)) {
      return;
    }
    if (restored(name, tier)) {
      setAsideDamaged(name);
    } else if (current.containsKey(name)) {
      // under another name before anything happens to what is there: it may only be unreadable now
      Digest key = SplitBlob.newPartKey(random);
      writer.commit(key);
      setAsideDamaged(name);
      tiers.of(tier).rename(key, name);
    } else {
      writer.commit(name);
    }
    count(name, Placement.whole(name, tier));
  }

  void publish(Digest name, Map<Tier, TierWriter> parts, List<SplitBlob.Run> runs)
      throws IOException {
    if (isIntact(name)) {
      return;
    }
    SplitBlob split =
        new SplitBlob(name, SplitBlob.newPartKey(random), SplitBlob.newPartKey(random), List.of());
    splits.put(split);
    try {
      for (StoredCopy part : split.copies()) {
        Objects.requireNonNull(parts.get(part.tier())).commit(part.key());
      }
      splits.put(split.withRuns(runs));
    } catch (IOException | RuntimeException e) {
      try {
        discard(split);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    setAsideDamaged(name);
    count(name, Placement.of(split.withRuns(runs)));
  }

  private void count(Digest name, Placement at) throws IOException {
    current.put(name, at);
    at.copies().forEach(copy -> events.stored(name, copy.tier(), tiers.bytesOf(copy)));
    events.complete(name, incomplete.containsKey(name));
    discardIncomplete(name);
  }

  /** What cannot be read counts as damaged: somebody has better bytes. */
  private boolean isIntact(Digest blob) {
    Placement present = current.get(blob);
    if (present == null) {
      return false;
    }
    try (BlobReader reader = tiers.open(present)) {
      VerifiedCopy.verify(reader, blob);
      return true;
    } catch (IOException e) {
      LOG.warn("the stored blob {} is damaged and is replaced: {}", blob, e.getMessage());
      events.damaged(blob, e);
      return false;
    }
  }

  /** Its copies do not count any more, and their names are free. */
  private void setAsideDamaged(Digest blob) throws IOException {
    Placement damaged = current.remove(blob);
    if (damaged != null) {
      for (StoredCopy copy : damaged.copies()) {
        if (copy.isPart()) {
          retired.condemn(copy);
          retired.free(copy);
        } else {
          retired.setAside(copy);
        }
      }
    }
  }

  /** Lets a retired copy count again that a tier still has, if it is good. */
  boolean restored(Digest blob, Tier tier) throws IOException {
    StoredCopy copy = StoredCopy.whole(blob, tier);
    if (!retired.contains(copy)) {
      return false;
    }
    try (BlobReader reader = tiers.of(tier).read(blob)) {
      VerifiedCopy.verify(reader, blob);
    } catch (DigestMismatchException | BlobNotFoundException e) {
      LOG.warn("the copy of {} on {} is damaged: {}", blob, tier, e.getMessage());
      retired.setAside(copy);
      return false;
    }
    retired.restore(copy);
    return true;
  }

  /** It is there again, or nobody wants it any more. */
  void discardIncomplete(Digest blob) throws IOException {
    SplitBlob left = incomplete.remove(blob);
    if (left != null) {
      discard(left);
    }
  }

  /** Whichever of its parts are there. */
  private void discard(SplitBlob split) throws IOException {
    for (StoredCopy part : split.copies()) {
      if (!tiers.of(part.tier()).locate(part.key()).isEmpty()) {
        retired.condemn(part);
        retired.free(part);
      } else {
        splits.gone(part);
      }
    }
  }
}
