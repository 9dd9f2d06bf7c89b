package io.github.ndocker.registry;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.time.Duration;

/** Tries again what a registry, or the way to it, failed at for reasons that may pass. */
final class Retries {
  /** One attempt; it must leave nothing behind when it fails. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  private final RegistryOptions options;

  Retries(RegistryOptions options) {
    this.options = options;
  }

  <T> T run(Attempt<T> attempt, Cancellation cancellation) throws IOException {
    Duration pause = options.firstPause();
    for (int left = options.tries(); ; left--) {
      try {
        return attempt.run();
      } catch (NDockerException e) {
        if (left <= 1 || !(e instanceof RegistryException refused) || !mayPass(refused)) {
          throw e;
        }
      } catch (IOException e) {
        if (left <= 1) {
          throw new RegistryException(
              cancellation.registry(),
              cancellation.action(),
              "no usable answer after " + options.tries() + " tries; is it reachable?",
              e);
        }
      }
      cancellation.pause(pause);
      pause = pause.multipliedBy(2);
    }
  }

  /** Time-outs, too many requests, and trouble of the server's own. */
  private static boolean mayPass(RegistryException refused) {
    int status = refused.status().orElse(0);
    return status == 408 || status == 429 || status >= 500;
  }
}
