package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final IOException broken = new IOException("the connection broke");

  private static IOException busy(int seconds) {
    return new RegistryBusyException("host", "ask", 429, Optional.of(Duration.ofSeconds(seconds)));
  }

  @Test
  void eachPauseIsTwiceAsLongUpToAMinute() {
    Backoff backoff = new Backoff(Duration.ofSeconds(20));
    assertEquals(Duration.ofSeconds(20), backoff.after(broken));
    assertEquals(Duration.ofSeconds(40), backoff.after(broken));
    assertEquals(Duration.ofMinutes(1), backoff.after(broken));
    assertEquals(Duration.ofMinutes(1), backoff.after(broken));
  }

  @Test
  void whatARegistryWantsCountsOnceAndIsNotDoubled() {
    Backoff backoff = new Backoff(Duration.ofMillis(250));
    assertEquals(Duration.ofSeconds(30), backoff.after(busy(30)));
    assertEquals(Duration.ofMillis(500), backoff.after(broken));
    assertEquals(Duration.ofSeconds(1), backoff.after(busy(0)));
  }

  @Test
  void nobodyWaitsForMoreThanAMinute() {
    assertTrue(Backoff.isTooLong(busy(61)));
    assertFalse(Backoff.isTooLong(busy(60)));
    assertFalse(Backoff.isTooLong(broken));
  }
}
