package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers that are started at once. */
public final class SimultaneousStarts {
  private static final Logger LOG = LoggerFactory.getLogger(SimultaneousStarts.class);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /**
   * One of them.
   *
   * @param workload what it runs
   * @param begin mounts and starts it
   */
  public record One(Workload workload, ColdStart.Start begin) {}

  private SimultaneousStarts() {}

  /** Measures until the last is ready, with nothing of their images in memory. */
  public static ColdStart measure(Arm arm, List<One> starts, ColdStart.Devices devices)
      throws IOException {
    ColdStart.forget(arm);
    ExecutorService threads = Executors.newFixedThreadPool(starts.size());
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Shutdown.Closed<Arm.Started>>> ready = new ArrayList<>();
    try {
      for (One start : starts) {
        ready.add(
            threads.submit(
                () -> {
                  go.await();
                  return awaitReady(start);
                }));
      }
      return devices.time(
          () -> {
            go.countDown();
            for (Future<Shutdown.Closed<Arm.Started>> one : ready) {
              result(one);
            }
          });
    } finally {
      go.countDown();
      threads.shutdown();
      closeAll(ready);
    }
  }

  private static Shutdown.Closed<Arm.Started> awaitReady(One start) throws IOException {
    Shutdown.Closed<Arm.Started> started = Shutdown.open(start.begin()::begin);
    try {
      started.get().container().awaitReady(start.workload().readiness(), TIMEOUT);
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private static Shutdown.Closed<Arm.Started> result(Future<Shutdown.Closed<Arm.Started>> one)
      throws IOException {
    try {
      return one.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while containers started", e);
    } catch (ExecutionException e) {
      throw new NDockerException("one of several containers: " + e.getCause(), e);
    }
  }

  private static void closeAll(List<Future<Shutdown.Closed<Arm.Started>>> ready)
      throws IOException {
    IOException failure = null;
    for (Future<Shutdown.Closed<Arm.Started>> one : ready) {
      try {
        one.get().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IOException("interrupted while containers ended", e);
      } catch (ExecutionException e) {
        LOG.debug("it has ended, and is reported already", e);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
