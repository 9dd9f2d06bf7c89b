package io.github.ndocker.registry;

import java.io.IOException;
import java.time.Duration;

/**
 * How long to wait before the next try: twice as long each time, or as long as a registry wants.
 */
final class Backoff {
  /** No registry makes anybody wait longer than this before the next try. */
  private static final Duration MOST = Duration.ofMinutes(1);

  private Duration next;

  Backoff(Duration first) {
    this.next = first;
  }

  /** Whether the caller knows better if it is worth while to wait. */
  static boolean isTooLong(IOException failure) {
    return wanted(failure).compareTo(MOST) > 0;
  }

  Duration after(IOException failure) {
    Duration own = next;
    next = least(own.multipliedBy(2), MOST);
    Duration wanted = wanted(failure);
    return least(own.compareTo(wanted) < 0 ? wanted : own, MOST);
  }

  private static Duration wanted(IOException failure) {
    return failure instanceof RegistryBusyException busy
        ? busy.retryAfter().orElse(Duration.ZERO)
        : Duration.ZERO;
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
