package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what happens, and goes on if it throws. Thread-safe. */
final class StoreEvents {
  private static final Logger LOG = LoggerFactory.getLogger(StoreEvents.class);

  private final StoreListener listener;

  /** So that it is known what storing one of them again repairs. Forgotten with the process. */
  private final Set<Digest> damaged = ConcurrentHashMap.newKeySet();

  StoreEvents(StoreListener listener) {
    this.listener = listener;
  }

  void stored(Digest blob, Tier tier, long bytes) {
    tell(to -> to.stored(blob, tier, bytes));
  }

  /** After all of a blob is stored, on whichever tiers. */
  void complete(Digest blob, boolean wasIncomplete) {
    if (damaged.remove(blob) || wasIncomplete) {
      tell(to -> to.repaired(blob));
    }
  }

  void moved(Digest blob, Tier target, long bytes) {
    Tier from = target == Tier.FAST ? Tier.SLOW : Tier.FAST;
    tell(to -> to.moved(blob, from, target, bytes));
  }

  void moveFailed(Digest blob, Tier target, IOException reason) {
    tell(to -> to.moveFailed(blob, target, reason));
  }

  void hit(Digest blob, Tier tier, long bytes) {
    tell(to -> to.hit(blob, tier, bytes));
  }

  void deleted(Digest blob) {
    tell(to -> to.deleted(blob));
  }

  void retired(StoredCopy copy, long bytes) {
    tell(to -> to.retired(copy.blob(), copy.tier(), bytes));
  }

  void freed(StoredCopy copy, long bytes) {
    tell(to -> to.freed(copy.blob(), copy.tier(), bytes));
  }

  void evicted(Digest blob, long bytes) {
    tell(to -> to.evicted(blob, bytes));
  }

  void damaged(Digest blob, IOException reason) {
    damaged.add(blob);
    tell(to -> to.damaged(blob, reason));
  }

  void refused(Tier tier, TierFullException reason) {
    tell(to -> to.refused(tier, reason));
  }

  private void tell(Consumer<StoreListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.warn("a listener of the store failed", e);
    }
  }
}
