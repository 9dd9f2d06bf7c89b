package io.github.ndocker.evaluation.report;

import java.util.Map.Entry;

/** Phrases that several sections say alike. */
final class Wording {
  private Wording() {}

  static String images(int count) {
    return count == 1 ? "1 image" : count + " images";
  }

  /** How many images, and of how many if these are not all. */
  static String someOf(int count, int all) {
    return count == all ? images(all) : count + " of " + images(all);
  }

  static String named(Entry<String, Double> ratio) {
    return ratio.getKey() + " " + Numbers.times(ratio.getValue());
  }
}
