package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many records of the catalogue, deployments and promotions need each blob. In memory, so that
 * asking costs nothing. Thread-safe.
 */
final class BlobReferences {
  private final Map<Digest, Integer> counts = new HashMap<>();

  synchronized void add(Set<Digest> blobs) {
    blobs.forEach(blob -> counts.merge(blob, 1, Integer::sum));
  }

  /** Takes back what was added, and says which of the blobs nobody needs any more. */
  synchronized Set<Digest> release(Set<Digest> blobs) {
    Set<Digest> unneeded = new HashSet<>();
    for (Digest blob : blobs) {
      if (counts.computeIfPresent(blob, (key, count) -> count == 1 ? null : count - 1) == null) {
        unneeded.add(blob);
      }
    }
    return unneeded;
  }

  synchronized boolean isNeeded(Digest blob) {
    return counts.containsKey(blob);
  }

  /** Those of the blobs that nobody needs. */
  synchronized Set<Digest> unneeded(Set<Digest> blobs) {
    Set<Digest> unneeded = new HashSet<>(blobs);
    unneeded.removeAll(counts.keySet());
    return unneeded;
  }
}
