package io.github.ndocker.faults;

import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.StoreLock;
import io.github.ndocker.store.TwoTierStore;
import io.github.ndocker.store.WriteBehindTier;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A store as an engine opens it; the one place that knows how. */
final class StoreUnderTest implements Closeable {
  private static final long WRITE_BEHIND_BYTES = 8L << 20;

  private final Deque<Closeable> opened;
  private final Catalogue catalogue;
  private final Leases leases;
  private final TwoTierStore store;

  private StoreUnderTest(
      Deque<Closeable> opened, Catalogue catalogue, Leases leases, TwoTierStore store) {
    this.opened = opened;
    this.catalogue = catalogue;
    this.leases = leases;
    this.store = store;
  }

  /** Where its leases come from. */
  @FunctionalInterface
  interface LeasesOf {
    Leases open(Catalogue catalogue) throws IOException;
  }

  static StoreUnderTest open(Places places) throws IOException {
    return open(places, Leases::open);
  }

  static StoreUnderTest open(Places places, LeasesOf host) throws IOException {
    Deque<Closeable> opened = new ArrayDeque<>();
    boolean complete = false;
    try {
      opened.push(StoreLock.acquire(places.state()));
      Catalogue catalogue = Catalogue.open(places.state());
      opened.push(catalogue);
      BlobTier fast = places.openFast();
      opened.push(fast);
      BlobTier slow = new WriteBehindTier(places.openSlow(), WRITE_BEHIND_BYTES);
      opened.push(slow);
      Leases leases = host.open(catalogue);
      TwoTierStore store = TwoTierStore.open(fast, slow, leases, catalogue);
      opened.push(store);
      complete = true;
      return new StoreUnderTest(opened, catalogue, leases, store);
    } finally {
      if (!complete) {
        closeAll(opened);
      }
    }
  }

  TwoTierStore store() {
    return store;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Leases leases() {
    return leases;
  }

  @Override
  public void close() throws IOException {
    closeAll(opened);
  }

  private static void closeAll(Deque<Closeable> opened) throws IOException {
    IOException failure = null;
    for (Closeable one : opened) {
      try {
        one.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
