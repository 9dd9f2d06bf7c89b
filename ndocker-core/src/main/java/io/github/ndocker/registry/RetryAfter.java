package io.github.ndocker.registry;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private RetryAfter() {}

  static Optional<Duration> of(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .flatMap(value -> parse(value.strip(), Clock.systemUTC()));
  }

  /** Empty for what is neither, and for what is over. */
  static Optional<Duration> parse(String value, Clock clock) {
    Duration pause;
    if (SECONDS.matcher(value).matches()) {
      pause = Duration.ofSeconds(Long.parseLong(value));
    } else {
      try {
        Instant when = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
        pause = Duration.between(clock.instant(), when);
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
    return Optional.of(pause).filter(positive -> !positive.isNegative() && !positive.isZero());
  }
}
