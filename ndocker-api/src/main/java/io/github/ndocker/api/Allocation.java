package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;

/**
 * A share of the work of a deployment, and the shares it consists of: a tree whose leaves are
 * downloads and stores of single layers. Immutable.
 *
 * @param name what it is, for people
 * @param doneBytes bytes that have been downloaded or stored
 * @param allBytes bytes that there are to download or store. What a layer inflates to is known when
 *     it has arrived; until then it is estimated by the compression seen so far.
 * @param parts what it consists of, the bottom layer first; empty for a leaf
 */
public record Allocation(String name, long doneBytes, long allBytes, List<Allocation> parts) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative, or more is done than there is
   */
  public Allocation {
    Objects.requireNonNull(name, "name");
    parts = List.copyOf(parts);
    if (doneBytes < 0 || doneBytes > allBytes) {
      throw new IllegalArgumentException(name + ": " + doneBytes + " of " + allBytes + " bytes");
    }
  }

  static Allocation leaf(String name, long doneBytes, long allBytes) {
    return new Allocation(name, doneBytes, allBytes, List.of());
  }

  static Allocation of(String name, List<Allocation> parts) {
    return new Allocation(
        name,
        parts.stream().mapToLong(Allocation::doneBytes).sum(),
        parts.stream().mapToLong(Allocation::allBytes).sum(),
        parts);
  }

  /**
   * How much of it is done.
   *
   * @return between 0 and 1; 1 if there is nothing to do
   */
  public double fraction() {
    return allBytes == 0 ? 1 : (double) doneBytes / allBytes;
  }
}
