package io.github.ndocker.budget;

/**
 * Hot bytes that the fast tier holds once, however many images need them; such as the hot ranges of
 * one layer. Immutable.
 *
 * @param id its name; segments with the same name are the same bytes
 * @param bytes how many, at least 1
 */
public record HotSegment(String id, long bytes) {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if the name is empty or there are no bytes
   */
  public HotSegment {
    if (id.isEmpty() || bytes < 1) {
      throw new IllegalArgumentException("hot segment '" + id + "' of " + bytes + " bytes");
    }
  }
}
