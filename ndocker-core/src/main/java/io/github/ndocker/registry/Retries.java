package io.github.ndocker.registry;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;

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
    Backoff backoff = new Backoff(options.firstPause());
    for (int left = options.tries(); ; left--) {
      IOException failure;
      try {
        return attempt.run();
      } catch (NDockerException e) {
        if (left <= 1 || !mayPass(e) || Backoff.isTooLong(e)) {
          throw e;
        }
        failure = e;
      } catch (IOException e) {
        if (left <= 1) {
          throw new RegistryException(
              cancellation.registry(),
              cancellation.action(),
              "no usable answer after " + options.tries() + " tries; is it reachable?",
              e);
        }
        failure = e;
      }
      cancellation.pause(backoff.after(failure));
    }
  }

  /** Time-outs, too many requests, and trouble of the server's own. */
  static boolean mayPass(IOException failure) {
    if (failure instanceof TransferStalledException || failure instanceof TruncatedBlobException) {
      return true;
    }
    if (failure instanceof RegistryException refused) {
      int status = refused.status().orElse(0);
      return status == 408 || status == 429 || status >= 500;
    }
    return !(failure instanceof NDockerException);
  }
}
