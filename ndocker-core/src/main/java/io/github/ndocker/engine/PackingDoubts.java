package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Images that could not be packed lately, because a layer of them is damaged for example. If others
 * left for one of them with every balance, these would be packed anew with every balance. For one
 * thread at a time.
 */
final class PackingDoubts {
  /** Then it is tried once more as if nothing had been. */
  private static final int BALANCES = 8;

  private final Map<ChainId, Integer> left = new HashMap<>();

  /** A balance begins. */
  void next() {
    left.replaceAll((image, balances) -> balances - 1);
    left.values().removeIf(balances -> balances <= 0);
  }

  /** Those for which nobody is to leave. */
  Set<ChainId> images() {
    return Set.copyOf(left.keySet());
  }

  void failed(ChainId image) {
    left.putIfAbsent(image, BALANCES);
  }

  void packed(ChainId image) {
    left.remove(image);
  }
}
