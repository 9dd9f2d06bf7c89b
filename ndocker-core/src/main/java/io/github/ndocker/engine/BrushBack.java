package io.github.ndocker.engine;

/** When layers that are not hot leave the fast tier. */
public enum BrushBack {
  /** Before the promotion returns, as fast as the media are. */
  NOW,
  /**
   * In the background, at the rate and with the manners of {@link NDocker#moves}: starts are not
   * slowed down by it, and after a crash it goes on.
   */
  BACKGROUND
}
