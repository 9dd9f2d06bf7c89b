package io.github.ndocker.examples.demo;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.BindMount;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the slow device from inside a container: a limit that holds for the host may not hold in
 * the control group that containers run in.
 */
final class LimitProbe {
  /** What one container measured. */
  record Speed(double readsPerSecond, double bytesPerSecond) {}

  private static final Pattern DD = Pattern.compile("(\\d+) bytes .* copied, ([0-9.e+-]+) s");
  private static final int SMALL = 4096;

  /** Long enough that the bucket of tokens that passes at full speed does not matter. */
  private static final int PROBE_SECONDS = 3;

  private static final int LARGE = 1 << 20;
  private static final int LARGE_READS = 360;
  private static final double TOLERANCE = 0.15;

  private final SlowDevice device;
  private final Path file;

  /** Writes the file that is read. */
  LimitProbe(SlowDevice device, Path directory) throws IOException {
    this.device = device;
    this.file = directory.resolve("probe");
    HostCommand.run(
        "dd",
        "if=/dev/zero",
        "of=" + file,
        "bs=" + LARGE,
        "count=" + LARGE_READS,
        "oflag=direct",
        "status=none");
  }

  /** Fails if a container reads faster than the limit says, or much slower. */
  Speed check(Arm arm, ImageReference image, ContainerSpec spec) throws IOException {
    SlowDevice.Limit limit = device.limit();
    int smallReads = Math.toIntExact(limit.readsPerSecond() * PROBE_SECONDS);
    double small = seconds(arm, image, spec, SMALL, smallReads, List.of("iflag=direct"));
    // through the page cache, which has none of the file yet: the kernel splits large direct reads,
    // and then counts each part
    double large = seconds(arm, image, spec, LARGE, LARGE_READS, List.of());
    Speed speed = new Speed(smallReads / small, (double) LARGE * LARGE_READS / large);
    require("reads a second", limit.readsPerSecond(), speed.readsPerSecond());
    require("bytes a second", limit.bytesPerSecond(), speed.bytesPerSecond());
    return speed;
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  private double seconds(
      Arm arm, ImageReference image, ContainerSpec spec, int bytes, int count, List<String> flags)
      throws IOException {
    List<String> dd =
        new ArrayList<>(
            List.of("dd", "if=/probe", "of=/dev/null", "bs=" + bytes, "count=" + count));
    dd.addAll(flags);
    ContainerSpec reading =
        spec.withArguments(dd).withBinds(List.of(new BindMount(file, "/probe")));
    try (Arm.Started started = arm.start(image, reading)) {
      started.container().awaitReady(new Readiness.Exits(""), Duration.ofMinutes(1));
      String output = started.container().output();
      Matcher copied = DD.matcher(output);
      if (!copied.find() || Long.parseLong(copied.group(1)) != (long) bytes * count) {
        throw new NDockerException("dd in a container did not say how fast it was: " + output);
      }
      return Double.parseDouble(copied.group(2));
    }
  }

  private static void require(String unit, long limit, double measured) throws IOException {
    if (Math.abs(measured / limit - 1) > TOLERANCE) {
      throw new NDockerException(
          String.format(
              Locale.ROOT,
              "the emulated device does not hold its limit inside a container: %.0f %s, not %d",
              measured,
              unit,
              limit));
    }
  }
}
