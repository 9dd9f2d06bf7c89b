package io.github.ndocker.faults;

import java.util.LinkedHashMap;
import java.util.Map;

/** What became of everything, as a table in Markdown. */
final class FaultTable {
  private final Map<String, Tally> rows = new LinkedHashMap<>();

  void add(String fault, Tally tally) {
    rows.put(fault, tally);
  }

  /** Whether nothing went wrong anywhere. */
  boolean isGood() {
    return !rows.isEmpty() && rows.values().stream().allMatch(Tally::isGood);
  }

  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            "| fault | trials | acknowledged | lost | half-visible | leaked bytes | recovered by"
                + " itself |\n|---|---|---|---|---|---|---|\n");
    rows.forEach((fault, tally) -> table.append(row(fault, tally)));
    table.append(row("all", rows.values().stream().reduce(Tally.NONE, Tally::plus)));
    return table.toString();
  }

  private static String row(String fault, Tally tally) {
    return "| %s | %d | %d | %d | %d | %d | %d |%n"
        .formatted(
            fault,
            tally.trials(),
            tally.acknowledged(),
            tally.lost(),
            tally.halfVisible(),
            tally.leakedBytes(),
            tally.recovered());
  }
}
