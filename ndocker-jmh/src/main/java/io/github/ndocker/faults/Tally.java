package io.github.ndocker.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * How often something was tried, and what went wrong. Immutable.
 *
 * @param trials how often
 * @param acknowledged blobs or images that had to be there afterwards
 * @param lost those of them that were not, or not with all their bytes
 * @param halfVisible what was there and should not have been, or with wrong bytes
 * @param leakedBytes what was used for nothing
 * @param recovered trials after which the store opened and worked without help
 * @param complaints what to do to see a trial go wrong again, and what went wrong
 */
record Tally(
    long trials,
    long acknowledged,
    long lost,
    long halfVisible,
    long leakedBytes,
    long recovered,
    List<String> complaints) {
  static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, List.of());

  Tally {
    complaints = List.copyOf(complaints);
  }

  /** A trial after which nothing could be looked at. */
  static Tally notRecovered(long acknowledged, String complaint) {
    return new Tally(1, acknowledged, acknowledged, 0, 0, 0, List.of(complaint));
  }

  /** What became of what was acknowledged. */
  static Tally of(Journal journal, Inventory inventory) {
    List<String> complaints = new ArrayList<>();
    long lost = 0;
    for (String name : journal.present()) {
      if (!inventory.found().getOrDefault(name, false)) {
        lost++;
        complaints.add("lost " + name);
      }
    }
    long halfVisible = 0;
    for (String name : inventory.found().keySet()) {
      boolean expected = journal.present().contains(name) || journal.uncertain().contains(name);
      if (!expected || !inventory.found().getOrDefault(name, false)) {
        halfVisible++;
        complaints.add((expected ? "broken " : "not expected ") + name);
      }
    }
    if (inventory.leakedBytes() > 0) {
      complaints.addAll(inventory.notes());
    }
    return new Tally(
        1, journal.present().size(), lost, halfVisible, inventory.leakedBytes(), 1, complaints);
  }

  /** The same, with its complaints preceded by what was done. */
  Tally after(String fault) {
    return complaints.isEmpty()
        ? this
        : new Tally(
            trials,
            acknowledged,
            lost,
            halfVisible,
            leakedBytes,
            recovered,
            List.of(fault + ": " + String.join("; ", complaints)));
  }

  Tally plus(Tally other) {
    List<String> all = new ArrayList<>(complaints);
    all.addAll(other.complaints);
    return new Tally(
        trials + other.trials,
        acknowledged + other.acknowledged,
        lost + other.lost,
        halfVisible + other.halfVisible,
        leakedBytes + other.leakedBytes,
        recovered + other.recovered,
        all);
  }

  /** Whether nothing went wrong. */
  boolean isGood() {
    return trials > 0
        && lost == 0
        && halfVisible == 0
        && leakedBytes == 0
        && recovered == trials
        && complaints.isEmpty();
  }
}
