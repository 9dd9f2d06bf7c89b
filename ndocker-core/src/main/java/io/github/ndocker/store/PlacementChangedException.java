package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.io.IOException;

/** What was being read of a blob does not count any more: it was moved or deleted. */
final class PlacementChangedException extends IOException {
  private static final long serialVersionUID = 1L;

  PlacementChangedException(Digest blob) {
    super("blob " + blob + " was moved or deleted meanwhile");
  }
}
