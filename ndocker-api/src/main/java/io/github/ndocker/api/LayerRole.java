package io.github.ndocker.api;

/**
 * What a layer is to its deployment, in the words of the N-Docker paper: its place in the chain
 * beside the layer whose download ends last.
 */
public enum LayerRole {
  /** More than one layer is still to arrive, and which of them is the last decides. */
  UNDECIDED,
  /** Below the last downloading layer: there is time to store it while the download goes on. */
  LBL,
  /** The last downloading layer. */
  LDL,
  /** Above the last downloading layer: in the order of the chain it has to wait for that one. */
  LAL
}
