package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.io.IOException;

/** A move in the background was cancelled, or its queue is being closed. */
final class MoveWithdrawnException extends IOException {
  private static final long serialVersionUID = 1L;

  MoveWithdrawnException(Digest blob) {
    super("the move of blob " + blob + " was cancelled");
  }
}
