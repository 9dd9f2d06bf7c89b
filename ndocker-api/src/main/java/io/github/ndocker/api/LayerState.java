package io.github.ndocker.api;

/** How far the deployment of one layer has come. A layer only ever moves down this list. */
public enum LayerState {
  /** Its download has not begun. */
  WAITING,
  /** Bytes are arriving. */
  DOWNLOADING,
  /** All bytes have arrived and match their digest; it waits for the layer below to be stored. */
  DOWNLOADED,
  /** It is being written to its tier. */
  STORING,
  /** It is durable on its tier and part of the chain. */
  STORED;

  /**
   * Whether bytes of the layer are still to arrive.
   *
   * @return true before {@link #DOWNLOADED}
   */
  public boolean isDownloadOutstanding() {
    return this == WAITING || this == DOWNLOADING;
  }
}
