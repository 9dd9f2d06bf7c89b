package io.github.ndocker.faults;

import io.github.ndocker.engine.CheckReport;
import io.github.ndocker.store.DamagedCatalogueException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Flips a bit, has it found, has it mended, and looks whether all is well again. Also a process of
 * its own; its arguments are those of {@link Places}, the kind of file, the address of a registry,
 * and a seed.
 */
public final class CheckUp {
  private CheckUp() {}

  /** Prints an inventory. */
  public static void main(String[] arguments) throws IOException {
    List<String> words = List.of(arguments);
    Places places = Places.ofArguments(words);
    List<String> rest = words.subList(places.toArguments().size(), words.size());
    run(places, FlippedFile.valueOf(rest.get(0)), rest.get(1), Long.parseLong(rest.get(2)))
        .toLines()
        .forEach(System.out::println);
  }

  /** What was found of the images then; what was missed or not mended counts as visible. */
  static Inventory run(Places places, FlippedFile kind, String registry, long seed)
      throws IOException {
    try (EngineUnderTest engine = EngineUnderTest.open(places)) {
      // metadata that was left stale by a promotion would hide that nothing else is found
      engine.repair(registry);
      if (!engine.check().isSound()) {
        throw new IllegalStateException("it was damaged before a bit was flipped");
      }
      kind.flip(places, engine, Trials.random(seed));
    }
    Map<String, Boolean> found = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    if (!isFound(places, notes)) {
      found.put("flip that was not found", false);
    }
    try (EngineUnderTest engine = EngineUnderTest.repairing(places)) {
      CheckReport repair = engine.repair(registry);
      if (!repair.isSound() || !engine.check().isSound()) {
        found.put("flip that was not mended: " + repair.findings(), false);
      }
    }
    Inventory after = Examination.of(places, Examination.Of.SMALL_IMAGES);
    found.putAll(after.found());
    notes.addAll(after.notes());
    // where a catalogue is new, blobs are kept for mounts that anybody else has on this host
    return new Inventory(found, kind == FlippedFile.CATALOGUE ? 0 : after.leakedBytes(), notes);
  }

  private static boolean isFound(Places places, List<String> notes) throws IOException {
    try (EngineUnderTest engine = EngineUnderTest.open(places)) {
      CheckReport report = engine.check();
      notes.add("found: " + report.findings());
      return !report.isSound();
    } catch (DamagedCatalogueException e) {
      return true;
    }
  }
}
