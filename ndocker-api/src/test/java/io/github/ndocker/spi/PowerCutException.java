package io.github.ndocker.spi;

import java.io.IOException;

/** The power went out in the middle of something, or before it. */
public final class PowerCutException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Whether what was being done is on the medium all the same. */
  private final boolean tookEffect;

  PowerCutException(boolean tookEffect) {
    super("the power is off");
    this.tookEffect = tookEffect;
  }

  boolean tookEffect() {
    return tookEffect;
  }
}
