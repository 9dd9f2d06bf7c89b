package io.github.ndocker.engine;

import io.github.ndocker.store.BackgroundMoves;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.RateLimit;
import io.github.ndocker.store.RightOfWay;
import io.github.ndocker.store.Scrubber;
import io.github.ndocker.store.TwoTierStore;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** What an engine does when nobody waits for it, and what that stands aside for. Thread-safe. */
final class BackgroundWork implements Closeable {
  /** Most containers have read what they need by then, also from a disk. */
  static final Duration STARTING = Duration.ofSeconds(5);

  private final RightOfWay urgent;
  private final BackgroundMoves moves;
  private final Closeable scrubber;

  BackgroundWork(NDockerBuilder options, TwoTierStore store, Catalogue catalogue, RightOfWay urgent)
      throws IOException {
    this.urgent = urgent;
    this.moves =
        BackgroundMoves.open(
            store, catalogue, new RateLimit(options.backgroundBytesPerSecond), urgent);
    if (options.scrubBytesPerSecond.isPresent()) {
      RateLimit limit = new RateLimit(options.scrubBytesPerSecond.getAsLong());
      this.scrubber = Scrubber.start(store, limit, urgent);
    } else {
      this.scrubber = () -> {};
    }
  }

  /** Counts as taken until what was started has most probably read what it needs. */
  static RightOfWay rightOfWayOfStarts(NDockerBuilder options) {
    return new RightOfWay(options.starting);
  }

  BackgroundMoves moves() {
    return moves;
  }

  RightOfWay rightOfWay() {
    return urgent;
  }

  @Override
  public void close() throws IOException {
    try (moves) {
      scrubber.close();
    }
  }
}
