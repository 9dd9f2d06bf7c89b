package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Threads that work for one deployment. Closing cancels it and waits until they have ended. */
final class WorkerThreads implements Closeable {
  private static final long MAX_CLOSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String work;
  private final DeploymentTracker tracker;
  private final ExecutorService threads;

  /**
   * Threads that begin when there is work.
   *
   * @param count how many at most
   * @param work what they do, for an error that says that they do not end
   * @param tracker the deployment
   */
  WorkerThreads(int count, String work, DeploymentTracker tracker) {
    this.work = work;
    this.tracker = tracker;
    this.threads = Executors.newFixedThreadPool(count);
  }

  void execute(Runnable task) {
    threads.execute(task);
  }

  /** Waits for the threads, which see that they are cancelled, also when interrupted. */
  @Override
  public void close() throws IOException {
    tracker.cancel();
    threads.shutdown();
    boolean interrupted = false;
    long since = System.nanoTime();
    try {
      while (!threads.isTerminated()) {
        try {
          if (!threads.awaitTermination(1, TimeUnit.SECONDS)
              && System.nanoTime() - since > MAX_CLOSE_NANOS) {
            throw new NDockerException(work + " does not end");
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
