package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceReads;
import io.github.ndocker.evaluation.host.PageCache;
import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One start, or several at once.
 *
 * @param seconds from the first mount to readiness, of the last of them
 * @param slow what the slow device read in that time
 * @param fast what the fast device read in that time
 * @param possible false if the slow device cannot have served that at its limit: the limit did not
 *     hold, and the time means nothing
 */
public record ColdStart(double seconds, DeviceReads slow, DeviceReads fast, boolean possible) {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final int ATTEMPTS = 3;

  /** What begins a start. */
  @FunctionalInterface
  public interface Start {
    /** Mounts and starts. */
    Arm.Started begin() throws IOException;
  }

  /** What is timed. */
  @FunctionalInterface
  interface Timed {
    void run() throws IOException;
  }

  /** The devices that are counted. */
  public record Devices(Device slow, Device fast) {
    ColdStart time(Timed timed) throws IOException {
      DeviceReads slowBefore = slow.reads();
      DeviceReads fastBefore = fast.reads();
      long start = System.nanoTime();
      timed.run();
      double seconds = (System.nanoTime() - start) / 1e9;
      DeviceReads read = slow.reads().minus(slowBefore);
      return new ColdStart(
          seconds, read, fast.reads().minus(fastBefore), slow.profile().allows(read, seconds));
    }
  }

  /**
   * Measures a start with nothing of the image in memory and nothing mounted; again if the slow
   * device cannot have served it.
   */
  public static ColdStart measure(Arm arm, Workload workload, Start begin, Devices devices)
      throws IOException {
    ColdStart start = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      forget(arm);
      start = once(workload, begin, devices);
      if (start.possible) {
        break;
      }
    }
    return Optional.ofNullable(start).orElseThrow();
  }

  /** Measures a start as things are. */
  public static ColdStart once(Workload workload, Start begin, Devices devices) throws IOException {
    List<Shutdown.Closed<Arm.Started>> started = new ArrayList<>();
    try {
      return devices.time(
          () -> {
            started.add(Shutdown.open(begin::begin));
            started.get(0).get().container().awaitReady(workload.readiness(), TIMEOUT);
          });
    } finally {
      for (Shutdown.Closed<Arm.Started> one : started) {
        one.close();
      }
    }
  }

  /** Drops the page cache, until none of the arm's blobs is in it. */
  public static void forget(Arm arm) throws IOException {
    PageCache.drop();
    List<Path> blobs = arm.blobFiles();
    for (int attempt = 1; PageCache.residentBytes(blobs) > 0; attempt++) {
      if (attempt == ATTEMPTS) {
        throw new NDockerException(
            arm.name() + ": blobs stay in memory, whatever is dropped; no start is cold");
      }
      PageCache.drop();
    }
    if (!blobs.isEmpty()) {
      // to ask for them has brought their inodes back
      PageCache.drop();
    }
    PageCache.bringBackStartingPrograms();
  }
}
