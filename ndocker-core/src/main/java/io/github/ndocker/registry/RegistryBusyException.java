package io.github.ndocker.registry;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * A registry has too much to do, or wants to be asked less often: status 429 or 503, or another one
 * that may pass and says when.
 */
public final class RegistryBusyException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** When it wants to be asked again; zero if it did not say. */
  private final Duration retryAfter;

  /**
   * Says when to ask again.
   *
   * @param registry host and port
   * @param action what was being done
   * @param status its answer
   * @param retryAfter what the registry said, if it did
   */
  public RegistryBusyException(
      String registry, String action, int status, Optional<Duration> retryAfter) {
    super(
        registry,
        action,
        status,
        "it is busy; try again "
            + retryAfter.map(pause -> "in " + pause.toSeconds() + " s").orElse("later"));
    this.retryAfter = retryAfter.orElse(Duration.ZERO);
  }

  static boolean isMeantBy(HttpResponse<?> response) {
    int status = response.statusCode();
    return status == 429
        || status == 503
        || ((status == 408 || status >= 500) && RetryAfter.of(response.headers()).isPresent());
  }

  /**
   * When the registry wants to be asked again.
   *
   * @return from its answer on; empty if it did not say
   */
  public Optional<Duration> retryAfter() {
    return Optional.of(retryAfter).filter(pause -> !pause.isZero());
  }
}
