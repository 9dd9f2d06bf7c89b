package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Images that could not be packed lately, because a layer of them is damaged for example. If others
 * left for one of them with every balance, these would be packed anew with every balance. For one
 * thread at a time.
 */
final class PackingDoubts {
  /** Then it is tried once more as if nothing had been. */
  private static final int BALANCES = 8;

  /** For so many balances, because of that. */
  private record Doubt(int balances, IOException reason) {}

  private final Map<ChainId, Doubt> doubts = new HashMap<>();

  /** A balance begins. */
  void next() {
    doubts.replaceAll((image, doubt) -> new Doubt(doubt.balances() - 1, doubt.reason()));
    doubts.values().removeIf(doubt -> doubt.balances() <= 0);
  }

  /** Those for which nobody is to leave. */
  Set<ChainId> images() {
    return Set.copyOf(doubts.keySet());
  }

  /** Why one of them could not be packed the last time. */
  Optional<IOException> reason(ChainId image) {
    return Optional.ofNullable(doubts.get(image)).map(Doubt::reason);
  }

  /** Failing again while nobody leaves for it does not put it off. */
  void failed(ChainId image, IOException reason) {
    doubts.merge(
        image,
        new Doubt(BALANCES, reason),
        (before, again) -> new Doubt(before.balances(), again.reason()));
  }

  void packed(ChainId image) {
    doubts.remove(image);
  }
}
