package io.github.ndocker.store;

import java.io.IOException;

/** A move in the background is cancelled, or its queue is being closed. */
final class MoveWithdrawnException extends IOException {
  private static final long serialVersionUID = 1L;

  MoveWithdrawnException(String reason) {
    super(reason);
  }
}
