package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EffortTest {
  private final Effort effort = new Effort(1, 3, 7, 1, List.of());

  @Test
  void everyArmStartsAsOftenAsAskedFor() {
    assertTrue(effort.startsAgain(2, 100));
    assertTrue(effort.startsAgain(0, 0));
  }

  @Test
  void onlyAnArmWithShortStartsHasMoreOfThem() {
    assertTrue(effort.startsAgain(3, 2.9));
    assertFalse(effort.startsAgain(3, 3.1));
    assertTrue(effort.startsAgain(6, 0.6));
    assertFalse(effort.startsAgain(7, 0.7));
  }

  @Test
  void shortStartsAreNeverFewerThanOthers() {
    Effort many = new Effort(1, 10, 7, 1, List.of());
    assertEquals(10, many.mostStarts());
    assertTrue(many.startsAgain(9, 0.9));
    assertFalse(many.startsAgain(10, 1));
  }
}
