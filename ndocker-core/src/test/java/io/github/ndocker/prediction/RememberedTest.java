package io.github.ndocker.prediction;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RememberedTest {
  @Test
  void aThingIsNewOnce() {
    Remembered<String> things = new Remembered<>(10, 100);
    assertFalse(things.contains("a"));
    assertTrue(things.add("a", 1));
    assertFalse(things.add("a", 1));
    assertTrue(things.contains("a"));
  }

  @Test
  void afterSoManyNothingIsNew() {
    Remembered<String> things = new Remembered<>(2, 100);
    assertTrue(things.add("a", 1) && things.add("b", 1));
    assertFalse(things.add("c", 1));
    assertFalse(things.contains("c"));
  }

  @Test
  void afterSoMuchTextNothingIsNewHoweverShort() {
    Remembered<String> things = new Remembered<>(10, 100);
    assertTrue(things.add("a", 60) && things.add("b", 60));
    assertFalse(things.add("c", 1));
    assertFalse(things.contains("c"));
  }
}
