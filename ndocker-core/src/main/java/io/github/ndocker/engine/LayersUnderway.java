package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Layers that a deployment is fetching: another one that needs the same waits for it and finds it
 * stored, or takes its turn if that failed. Thread-safe.
 */
final class LayersUnderway {
  private static final long GLANCE_MILLIS = 50;

  private final Set<Digest> underway = new HashSet<>();

  /**
   * Waits until nobody else fetches the layer.
   *
   * @param layer its diff ID
   * @param cancelled asked now and then
   * @return to be closed by any thread when the layer is stored or will not be
   */
  synchronized Turn enter(Digest layer, BooleanSupplier cancelled) throws IOException {
    while (!underway.add(layer)) {
      if (cancelled.getAsBoolean()) {
        throw new NDockerException("cancelled while another deployment fetched " + layer);
      }
      try {
        wait(GLANCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while another deployment fetched " + layer, e);
      }
    }
    return new Turn(layer);
  }

  private synchronized void leave(Digest layer) {
    underway.remove(layer);
    notifyAll();
  }

  /** Nobody else fetches the layer. */
  final class Turn implements AutoCloseable {
    private final Digest layer;

    private Turn(Digest layer) {
      this.layer = layer;
    }

    /** To be called once. */
    @Override
    public void close() {
      leave(layer);
    }
  }
}
