package io.github.ndocker.prediction;

import java.util.HashSet;
import java.util.Set;

/**
 * What was there before, with an end: after so many of them, or so much text, nothing is new. For
 * one thread.
 */
final class Remembered<T> {
  private final Set<T> all = new HashSet<>();
  private final int most;
  private long left;

  /**
   * Nothing yet.
   *
   * @param most how many there may be
   * @param characters how much text of them; the last one may have more than what is left
   */
  Remembered(int most, long characters) {
    this.most = most;
    this.left = characters;
  }

  /**
   * Whether something is new; from here on it is not.
   *
   * @param characters how much text is kept for it
   */
  boolean add(T one, long characters) {
    if (all.size() >= most || left <= 0 || !all.add(one)) {
      return false;
    }
    left -= characters;
    return true;
  }

  boolean contains(T one) {
    return all.contains(one);
  }
}
