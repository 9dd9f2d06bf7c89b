package io.github.ndocker.engine;

/** How an engine gets from downloading to storing. */
public enum Pipeline {
  /**
   * As Docker does, and as the paper assumes: a layer is downloaded wholly, to a file, and stored
   * when the layer below it is stored. The policy is asked once for each layer.
   */
  SEQUENTIAL,
  /**
   * A layer is stored while it downloads, whatever the layers below it do, without a file in
   * between. The policy is asked before each piece of a layer, so that a layer may be split between
   * the tiers.
   */
  STREAMING
}
