package io.github.ndocker.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Journal journal = new Journal();

  private Tally found(Map<String, Boolean> blobs) {
    return Tally.of(journal, new Inventory(blobs, 0, List.of()));
  }

  private void said(String... lines) {
    for (String line : lines) {
      journal.add(line);
    }
  }

  @Test
  void expectsWhatWasAcknowledgedAndNothingElse() {
    said("begin put a", "done", "begin put b", "done", "begin delete b", "done");
    assertTrue(found(Map.of("a", true)).isGood());
    assertEquals(1, found(Map.of()).lost());
    assertEquals(1, found(Map.of("a", false)).lost());
    assertEquals(1, found(Map.of("a", true, "b", true)).halfVisible());
  }

  @Test
  void allowsBothStatesOfWhatWasInterruptedButNoHalf() {
    said("begin put a");
    journal.ended();
    assertTrue(found(Map.of()).isGood());
    assertTrue(found(Map.of("a", true)).isGood());
    assertEquals(1, found(Map.of("a", false)).halfVisible());
  }

  @Test
  void expectsABlobThatIsMovedWhateverHappens() {
    said("begin put a", "done", "begin keep a");
    journal.ended();
    assertEquals(1, found(Map.of()).lost());
  }

  @Test
  void expectsNothingOfAWriteThatFailedUnlessTheWholeMachineWasFailing() {
    said("begin put a", "failed java.io.IOException: full");
    assertEquals(1, found(Map.of("a", true)).halfVisible());
    Journal failing = new Journal(true);
    failing.add("begin put a");
    failing.add("failed java.io.IOException: gone");
    assertEquals(Set.of("a"), failing.uncertain());
  }

  @Test
  void isGoodOnlyIfEveryTrialRecoveredAndNothingLeaked() {
    said("begin put a", "done");
    Tally good = found(Map.of("a", true));
    assertTrue(good.plus(good).isGood());
    assertFalse(Tally.NONE.isGood());
    assertFalse(good.plus(Tally.notRecovered(1, "it did not open")).isGood());
    assertFalse(Tally.of(journal, new Inventory(Map.of("a", true), 1, List.of("left"))).isGood());
  }

  @Test
  void readsAnInventoryThatAnotherProcessPrinted() {
    Inventory inventory = new Inventory(Map.of("a", true, "b", false), 7, List.of("left x"));
    assertEquals(inventory, Inventory.ofLines(inventory.toLines()));
  }
}
