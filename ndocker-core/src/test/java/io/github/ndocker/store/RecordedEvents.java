package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a store tells, as sentences, with the first digits of digests. */
final class RecordedEvents implements StoreListener {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** Everything since the last call. */
  List<String> drain() {
    List<String> all = new ArrayList<>();
    events.drainTo(all);
    return all;
  }

  /** Waits for the next event. */
  String take() throws InterruptedException {
    return events.take();
  }

  static String name(Digest blob) {
    return blob.hex().substring(0, 6);
  }

  @Override
  public void stored(Digest blob, Tier tier, long bytes) {
    events.add("stored " + name(blob) + " " + tier + " " + bytes);
  }

  @Override
  public void moved(Digest blob, Tier from, Tier to, long bytes) {
    events.add("moved " + name(blob) + " " + from + " " + to + " " + bytes);
  }

  @Override
  public void moveFailed(Digest blob, Tier to, IOException reason) {
    events.add("move failed " + name(blob) + " " + to + " " + reason.getClass().getSimpleName());
  }

  @Override
  public void hit(Digest blob, Tier tier, long bytes) {
    events.add("hit " + name(blob) + " " + tier + " " + bytes);
  }

  @Override
  public void deleted(Digest blob) {
    events.add("deleted " + name(blob));
  }

  @Override
  public void retired(Digest blob, Tier tier, long bytes) {
    events.add("retired " + name(blob) + " " + tier + " " + bytes);
  }

  @Override
  public void freed(Digest blob, Tier tier, long bytes) {
    events.add("freed " + name(blob) + " " + tier + " " + bytes);
  }

  @Override
  public void evicted(Digest blob, long bytes) {
    events.add("evicted " + name(blob) + " " + bytes);
  }

  @Override
  public void damaged(Digest blob, IOException reason) {
    events.add("damaged " + name(blob) + " " + reason.getClass().getSimpleName());
  }

  @Override
  public void repaired(Digest blob) {
    events.add("repaired " + name(blob));
  }

  @Override
  public void refused(Tier tier, TierFullException reason) {
    events.add("refused " + tier + " " + reason.neededBytes());
  }
}
