package io.github.ndocker.layer;

import java.util.List;

/**
 * Every entry of one layer, in the order of its tar. Immutable.
 *
 * @param tarBytes size of the uncompressed tar in bytes
 * @param entries its entries
 */
public record LayerIndex(long tarBytes, List<LayerEntry> entries) {
  /**
   * Checks that all data lies in the tar.
   *
   * @throws IllegalArgumentException if an entry's data ends after the tar
   */
  public LayerIndex {
    entries = List.copyOf(entries);
    for (LayerEntry entry : entries) {
      if (entry.tarEnd() > tarBytes) {
        throw new IllegalArgumentException(
            "the data of '" + entry.path() + "' ends after the tar of " + tarBytes + " bytes");
      }
    }
  }
}
