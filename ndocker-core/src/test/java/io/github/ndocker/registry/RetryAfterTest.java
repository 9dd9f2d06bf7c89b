package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

  @Test
  void isANumberOfSecondsOrADate() {
    assertEquals(Optional.of(Duration.ofMinutes(2)), RetryAfter.parse("120", CLOCK));
    assertEquals(
        Optional.of(Duration.ofMinutes(5)),
        RetryAfter.parse("Thu, 01 Jan 2026 12:05:00 GMT", CLOCK));
  }

  @Test
  void whatIsNeitherOrOverSaysNothing() {
    for (String value :
        List.of("", "0", "-5", "soon", "99999999999999", "Thu, 01 Jan 2026 11:00:00 GMT")) {
      assertEquals(Optional.empty(), RetryAfter.parse(value, CLOCK), value);
    }
  }
}
