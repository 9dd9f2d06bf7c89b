package io.github.ndocker.prediction;

/** How sure it is that a cold start reads a file. In descending order. */
enum Certainty {
  /** The kernel, the loader or the program itself opens it in any case. */
  CERTAIN,
  /** Something that is read names it. */
  LIKELY,
  /** It is named where only some starts come by. */
  POSSIBLE;

  /** The less sure one of both. */
  Certainty and(Certainty other) {
    return compareTo(other) > 0 ? this : other;
  }
}
