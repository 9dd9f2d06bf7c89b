package io.github.ndocker.evaluation.arm;

import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.evaluation.host.LimitNotHeldException;
import io.github.ndocker.evaluation.host.PageCache;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.runtime.BindMount;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Readiness;
import java.io.Closeable;
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
 * Measures a device from inside a container: a limit that holds for the host may not hold in the
 * control group that containers run in.
 */
public final class DeviceProbe implements Closeable {
  private static final Pattern DD = Pattern.compile("(\\d+) bytes .* copied, ([0-9.e+-]+) s");
  private static final int SMALL = 4096;
  private static final int LARGE = 1 << 20;
  private static final double TOLERANCE = 0.15;

  /** The file system's journal writes too, and within the same limit. */
  private static final double SLOWER_WRITES = 0.4;

  /** For a device without a limit: enough to see how fast it is. */
  private static final long UNLIMITED_OPERATIONS = 2000;

  private static final long UNLIMITED_LARGE = 200;

  private final Device device;
  private final String tier;
  private final Path directory;
  private final double seconds;

  /**
   * Writes the file that is read.
   *
   * @param device what is measured
   * @param tier its name in the results
   * @param seconds how long each of four measurements takes; the bucket of tokens that may pass at
   *     full speed is 0.1 s
   */
  public DeviceProbe(Device device, String tier, double seconds) throws IOException {
    this.device = device;
    this.tier = tier;
    this.seconds = seconds;
    this.directory = Files.createDirectories(device.root().resolve("probe"));
    HostCommand.run(
        "dd",
        "if=/dev/zero",
        "of=" + directory.resolve("file"),
        "bs=" + LARGE,
        "count=" + large(),
        "oflag=direct",
        "status=none");
  }

  /** Starts a container that runs {@code dd}. */
  @FunctionalInterface
  public interface Start {
    /** Starts it. */
    Arm.Started begin(Probing probing) throws IOException;
  }

  /**
   * What such a container runs, and the directory of the device that it sees.
   *
   * @param arguments the program and its arguments
   * @param bind the directory
   */
  public record Probing(List<String> arguments, BindMount bind) {
    /** Copies the arguments. */
    public Probing {
      arguments = List.copyOf(arguments);
    }

    /** A container of an image that runs this, as root. */
    public ContainerSpec containerIn(ContainerSpec image) {
      return new ContainerSpec(arguments, image.environment(), "/", "", List.of(bind));
    }
  }

  /** What containers measure of reading and writing. */
  public DeviceSpeed measure(String starter, Start start) throws IOException {
    DeviceProfile limit = device.profile();
    long reads = small(limit.readsPerSecond());
    long writes = small(limit.writesPerSecond());
    double smallReads =
        seconds(start, SMALL, reads, List.of("if=/probe/file", "of=/dev/null", "iflag=direct"));
    // through the page cache, which has none of the file yet: the kernel splits large direct reads,
    // and then counts each part
    double largeReads = seconds(start, LARGE, large(), List.of("if=/probe/file", "of=/dev/null"));
    double smallWrites =
        seconds(
            start,
            SMALL,
            writes,
            List.of("if=/dev/zero", "of=/probe/file", "oflag=direct", "conv=notrunc"));
    double largeWrites =
        seconds(
            start, LARGE, large(), List.of("if=/dev/zero", "of=/probe/file", "conv=notrunc,fsync"));
    return new DeviceSpeed(
        starter,
        tier,
        limit.toString(),
        (double) LARGE * large() / largeReads,
        (double) LARGE * large() / largeWrites,
        reads / smallReads,
        writes / smallWrites);
  }

  /** Fails if a container is served faster than the limit says, or much slower. */
  public DeviceSpeed check(DeviceSpeed speed) throws IOException {
    DeviceProfile limit = device.profile();
    require(
        speed,
        "bytes read a second",
        limit.bytesPerSecond(),
        speed.readBytesPerSecond(),
        TOLERANCE);
    require(speed, "reads a second", limit.readsPerSecond(), speed.readsPerSecond(), TOLERANCE);
    require(
        speed,
        "bytes written a second",
        limit.bytesPerSecond(),
        speed.writeBytesPerSecond(),
        SLOWER_WRITES);
    require(
        speed, "writes a second", limit.writesPerSecond(), speed.writesPerSecond(), SLOWER_WRITES);
    return speed;
  }

  @Override
  public void close() throws IOException {
    HostCommand.run("rm", "-rf", "--one-file-system", directory.toString());
  }

  private long small(long perSecond) {
    return perSecond == 0 ? UNLIMITED_OPERATIONS : Math.round(perSecond * seconds);
  }

  private long large() {
    long perSecond = device.profile().bytesPerSecond();
    return perSecond == 0 ? UNLIMITED_LARGE : Math.round(perSecond * seconds / LARGE);
  }

  private static void require(
      DeviceSpeed speed, String unit, long limit, double measured, double slower)
      throws IOException {
    double ratio = measured / limit;
    if (limit > 0 && (ratio > 1 + TOLERANCE || ratio < 1 - slower)) {
      throw new LimitNotHeldException(
          String.format(
              Locale.ROOT,
              "the emulated device does not hold its limit inside a container of %s: %.0f %s,"
                  + " not %d",
              speed.arm(),
              measured,
              unit,
              limit));
    }
  }

  private double seconds(Start start, int bytes, long count, List<String> operands)
      throws IOException {
    // what an earlier measurement left in memory would be read from there
    PageCache.drop();
    List<String> command = new ArrayList<>(List.of("dd", "bs=" + bytes, "count=" + count));
    command.addAll(operands);
    Probing probing = new Probing(command, BindMount.writable(directory, "/probe"));
    try (Shutdown.Closed<Arm.Started> started = Shutdown.open(() -> start.begin(probing))) {
      started.get().container().awaitReady(new Readiness.Exits(""), Duration.ofMinutes(1));
      String output = started.get().container().output();
      Matcher copied = DD.matcher(output);
      if (!copied.find() || Long.parseLong(copied.group(1)) != bytes * count) {
        throw new NoSpeedException(
            "dd in a container did not say how fast it was: " + output.strip());
      }
      return Double.parseDouble(copied.group(2));
    }
  }
}
