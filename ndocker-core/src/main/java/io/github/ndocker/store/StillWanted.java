package io.github.ndocker.store;

import java.io.IOException;

/** Asked again and again by work that takes long. */
interface StillWanted {
  /**
   * Returns if the work goes on.
   *
   * @throws IOException why it does not
   */
  void check() throws IOException;

  default StillWanted and(StillWanted other) {
    return () -> {
      check();
      other.check();
    };
  }
}
