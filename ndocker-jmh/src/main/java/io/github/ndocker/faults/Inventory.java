package io.github.ndocker.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a store holds after a fault. Immutable.
 *
 * @param found blobs or images, and whether all their bytes are right
 * @param leakedBytes what is used and belongs to none of them
 * @param notes where
 */
record Inventory(Map<String, Boolean> found, long leakedBytes, List<String> notes) {
  Inventory {
    found = Map.copyOf(found);
    notes = List.copyOf(notes);
  }

  /** For another process to read. */
  List<String> toLines() {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(found)
        .forEach((name, intact) -> lines.add((intact ? "intact " : "broken ") + name));
    notes.forEach(note -> lines.add("note " + note));
    lines.add("leaked " + leakedBytes);
    return lines;
  }

  static Inventory ofLines(List<String> lines) {
    Map<String, Boolean> found = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    long leaked = -1;
    for (String line : lines) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case "intact" -> found.put(words[1], true);
        case "broken" -> found.put(words[1], false);
        case "note" -> notes.add(words[1]);
        case "leaked" -> leaked = Long.parseLong(words[1]);
        default -> {}
      }
    }
    if (leaked < 0) {
      throw new IllegalArgumentException("no inventory: " + lines);
    }
    return new Inventory(found, leaked, notes);
  }
}
