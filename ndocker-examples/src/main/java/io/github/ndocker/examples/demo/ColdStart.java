package io.github.ndocker.examples.demo;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.examples.cli.ClosedOnExit;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One cold start: nothing of the image in memory, nothing mounted.
 *
 * @param seconds from the first mount to readiness
 * @param reads what the slow device read in that time
 */
record ColdStart(double seconds, SlowDevice.Reads reads) {
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  /** Inodes pin pages, and go only with the second look. */
  private static final int DROPS = 3;

  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final int ATTEMPTS = 3;

  /**
   * Measures a start; repeats one that the slow device cannot have served at its limit, for then
   * the limit did not hold.
   */
  static ColdStart measure(
      Arm arm, ImageReference image, Workload workload, ContainerSpec spec, SlowDevice device)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      ColdStart start = once(arm, image, workload, spec, device);
      if (device.allows(start.reads, start.seconds)) {
        return start;
      }
      if (attempt == ATTEMPTS) {
        throw new NDockerException(
            arm.name()
                + ": "
                + start
                + " is more than the slow device can do; the limit does not hold");
      }
    }
  }

  private static ColdStart once(
      Arm arm, ImageReference image, Workload workload, ContainerSpec spec, SlowDevice device)
      throws IOException {
    dropCaches();
    SlowDevice.Reads before = device.reads();
    long start = System.nanoTime();
    try (ClosedOnExit<Arm.Started> started = new ClosedOnExit<>(arm.start(image, spec))) {
      started.get().container().awaitReady(workload.readiness(), TIMEOUT);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new ColdStart(seconds, device.reads().minus(before));
    }
  }

  private static void dropCaches() throws IOException {
    HostCommand.run("sync");
    for (int i = 0; i < DROPS; i++) {
      Files.write(DROP_CACHES, "3".getBytes(StandardCharsets.US_ASCII));
    }
    // the programs that start a container are not part of any image: have them in memory, as on a
    // host that is in use
    for (List<String> program :
        List.of(
            List.of("crun", "--version"),
            List.of("mount", "--version"),
            List.of("unshare", "--version"),
            List.of("sh", "-c", "true"))) {
      HostCommand.run(program);
    }
  }
}
