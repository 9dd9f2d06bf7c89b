package io.github.ndocker.faults;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What many threads do with one store, beside an oracle. Who changes a blob has it for itself, and
 * so knows what must be; who only reads, does so whatever others do, and must see right bytes or
 * none.
 */
final class MixedOperations {
  private final TwoTierStore store;
  private final List<Blob> blobs;
  private final List<ReentrantLock> locks;
  private final ConcurrentMap<Blob, Boolean> present = new ConcurrentHashMap<>();
  private final AtomicLong operations = new AtomicLong();
  private final AtomicLong violations = new AtomicLong();

  MixedOperations(TwoTierStore store, List<Blob> blobs) {
    this.store = store;
    this.blobs = List.copyOf(blobs);
    this.locks = blobs.stream().map(blob -> new ReentrantLock()).toList();
  }

  /** Works until it is told to stop. */
  void run(Random random, AtomicBoolean stop) throws IOException {
    while (!stop.get()) {
      int which = random.nextInt(blobs.size());
      ReentrantLock lock = locks.get(which);
      if (random.nextInt(3) > 0 && lock.tryLock()) {
        try {
          change(blobs.get(which), random);
        } finally {
          lock.unlock();
        }
      } else {
        look(blobs.get(which));
      }
      operations.incrementAndGet();
    }
  }

  private void change(Blob blob, Random random) throws IOException {
    Tier tier = random.nextBoolean() ? Tier.FAST : Tier.SLOW;
    boolean there = present.containsKey(blob);
    try {
      switch (random.nextInt(6)) {
        case 0 -> {
          blob.writeTo(store, tier, random.nextBoolean());
          present.put(blob, true);
        }
        case 1 -> {
          blob.splitInto(store, tier);
          present.put(blob, true);
        }
        case 2 -> {
          require(store.delete(blob.name()) == there);
          present.remove(blob);
        }
        case 3 -> {
          store.move(blob.name(), tier);
          require(there && store.locate(blob.name()).orElseThrow().isWhollyOn(tier));
        }
        case 4 -> {
          store.sweep();
          require(store.locate(blob.name()).isPresent() == there);
        }
        default -> require(Blob.isIntact(store, blob.name()) && there);
      }
    } catch (BlobNotFoundException e) {
      require(!there);
    } catch (TierFullException e) {
      // tiers are smaller than all blobs: whatever it was, nothing has changed
      require(store.locate(blob.name()).isPresent() == there);
    }
  }

  private void look(Blob blob) throws IOException {
    try {
      require(Blob.isIntact(store, blob.name()));
      Optional<BlobLocation> location = store.locate(blob.name());
      require(location.isEmpty() || location.get().length() == blob.bytes().length);
    } catch (BlobNotFoundException e) {
      // others may have deleted it at any time
      require(e.blob().equals(blob.name()));
    }
  }

  private void require(boolean holds) {
    if (!holds) {
      violations.incrementAndGet();
    }
  }

  /** Blobs that must be there now that nobody works any more. */
  List<Blob> present() {
    return List.copyOf(present.keySet());
  }

  long operations() {
    return operations.get();
  }

  long violations() {
    return violations.get();
  }
}
