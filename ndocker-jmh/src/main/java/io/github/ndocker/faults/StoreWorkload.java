package io.github.ndocker.faults;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** What a victim does with a store, the same again for the same seed. */
final class StoreWorkload {
  private static final int MOST_BYTES = 200_000;
  private static final int WRITES = 12;
  private static final int MIXED_STEPS = 40;
  private static final int FILLING_BYTES = 1_500_000;
  private static final int MOST_FAILURES = 3;

  private final Steps steps;
  private final TwoTierStore store;
  private final Random random;

  StoreWorkload(Steps steps, TwoTierStore store, Random random) {
    this.steps = steps;
    this.store = store;
    this.random = random;
  }

  void write() throws IOException {
    for (int i = 0; i < WRITES; i++) {
      put(MOST_BYTES);
    }
  }

  private boolean put(int mostBytes) throws IOException {
    Blob blob = Blob.random(random, mostBytes);
    Tier tier = tier();
    boolean sizeKnown = random.nextBoolean();
    int way = random.nextInt(3);
    return steps.take(
        Journal.PUT,
        blob.name(),
        () -> {
          if (way == 0) {
            blob.splitInto(store, tier);
          } else {
            blob.writeTo(store, tier, sizeKnown);
          }
        });
  }

  void move() throws IOException {
    for (int round = 0; round < 2; round++) {
      for (Digest blob : blobs()) {
        Tier target = store.blobs(Tier.FAST).contains(blob) ? Tier.SLOW : Tier.FAST;
        steps.take(Journal.KEEP, blob, () -> store.move(blob, target));
      }
    }
  }

  void delete() throws IOException {
    for (Digest blob : blobs()) {
      delete(blob);
    }
  }

  private void delete(Digest blob) throws IOException {
    steps.take(
        Journal.DELETE,
        blob,
        () -> {
          store.delete(blob);
          store.sweep();
        });
  }

  void mix() throws IOException {
    for (int step = 0; step < MIXED_STEPS; step++) {
      List<Digest> blobs = blobs();
      int way = random.nextInt(5);
      if (way < 2 || blobs.isEmpty()) {
        put(MOST_BYTES);
        continue;
      }
      Digest blob = blobs.get(random.nextInt(blobs.size()));
      switch (way) {
        case 2 -> delete(blob);
        case 3 -> {
          Tier target = tier();
          steps.take(Journal.KEEP, blob, () -> store.move(blob, target));
        }
        default -> steps.take(Journal.KEEP, blob, () -> requireIntact(blob));
      }
    }
  }

  private void requireIntact(Digest blob) throws IOException {
    if (!Blob.isIntact(store, blob)) {
      throw new IllegalStateException(blob + " has other bytes");
    }
  }

  /**
   * Writes until there is no more room, moves what is there, makes room, and writes again.
   *
   * @throws IllegalStateException if the room that was made is none
   */
  void fill() throws IOException {
    for (int failures = 0; failures < MOST_FAILURES; ) {
      failures += put(FILLING_BYTES) ? 0 : 1;
    }
    List<Digest> blobs = blobs();
    for (Digest blob : blobs.subList(0, Math.min(4, blobs.size()))) {
      Tier target = tier();
      steps.take(Journal.KEEP, blob, () -> store.move(blob, target));
    }
    List<Digest> doomed = blobs();
    Collections.shuffle(doomed, random);
    for (Digest blob : doomed.subList(0, (doomed.size() + 1) / 2)) {
      delete(blob);
    }
    if (doomed.size() > 2 && !put(1000)) {
      throw new IllegalStateException("no room although half of all blobs was deleted");
    }
  }

  private Tier tier() {
    return random.nextBoolean() ? Tier.FAST : Tier.SLOW;
  }

  private List<Digest> blobs() {
    TreeSet<Digest> blobs = new TreeSet<>(store.blobs(Tier.FAST));
    blobs.addAll(store.blobs(Tier.SLOW));
    return new ArrayList<>(blobs);
  }
}
