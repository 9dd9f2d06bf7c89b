package io.github.ndocker.engine;

import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends deployments that somebody no longer wants: those that were given it, now or later. Not an
 * interrupt, which would close the files that a thread is at. Thread-safe.
 */
public final class Cancellation {
  private final List<Runnable> waiting = new ArrayList<>();
  private volatile boolean cancelled;

  /** Nothing is cancelled yet. */
  public Cancellation() {}

  /**
   * Cancels, and returns without waiting for what ends. May be called from a {@link
   * DeploymentListener}, from any thread, and more than once.
   */
  public void cancel() {
    List<Runnable> woken;
    synchronized (waiting) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      woken = List.copyOf(waiting);
    }
    // not under the lock: whoever is woken takes his own
    woken.forEach(Runnable::run);
  }

  /**
   * Whether somebody has cancelled.
   *
   * @return true from then on
   */
  public boolean isCancelled() {
    return cancelled;
  }

  /** What can be given up. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Does something, and says that it was cancelled where it fails for that reason. */
  <T> T guard(ImageReference reference, Work<T> work) throws IOException {
    check(reference);
    try {
      return work.run();
    } catch (DeploymentCancelledException e) {
      throw e;
    } catch (IOException e) {
      if (cancelled) {
        throw new DeploymentCancelledException(reference, e);
      }
      throw e;
    }
  }

  void check(ImageReference reference) throws DeploymentCancelledException {
    if (cancelled) {
      throw new DeploymentCancelledException(reference);
    }
  }

  /** Calls somebody who waits, until the registration is closed; at once if it is too late. */
  Registration whenCancelled(Runnable wake) {
    boolean late;
    synchronized (waiting) {
      late = cancelled;
      waiting.add(wake);
    }
    if (late) {
      wake.run();
    }
    return new Registration(wake);
  }

  /** Somebody who wants to be called. */
  final class Registration implements AutoCloseable {
    private final Runnable wake;

    private Registration(Runnable wake) {
      this.wake = wake;
    }

    @Override
    public void close() {
      synchronized (waiting) {
        waiting.remove(wake);
      }
    }
  }
}
