package io.github.ndocker.evaluation;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.engine.Deployment;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Deploys one image, streaming, and prints what memory that took. Run by {@code
 * scripts/deploy-large-image}, with a small heap.
 */
public final class LargeImage {
  private static final long CAPACITY = 1L << 40;
  private static final double MEBIBYTE = 1 << 20;

  private LargeImage() {}

  /**
   * Deploys.
   *
   * @param arguments the image's reference, and a directory for state and tiers
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("two arguments: an image, and a directory");
      System.exit(2);
    }
    ImageReference image = ImageReference.parse(arguments[0]);
    Path directory = Path.of(arguments[1]);
    AtomicLong direct = new AtomicLong();
    try (NDocker engine =
        NDocker.builder(
                directory.resolve("state"),
                FileTier.open(directory.resolve("fast"), CAPACITY),
                FileTier.open(directory.resolve("slow"), CAPACITY))
            .open()) {
      Deployment deployment =
          engine.deploy(image, progress -> direct.accumulateAndGet(directBytes(), Math::max));
      System.out.printf(
          Locale.ROOT,
          "deployed %.0f MiB in %.1f s, %.0f MiB of them on the fast tier%n"
              + "peaks: heap %.0f MiB of %.0f, direct memory %.0f MiB, whole process %.0f MiB%n",
          deployment.imageBytes() / MEBIBYTE,
          deployment.total().toNanos() / 1e9,
          deployment.fastBytes() / MEBIBYTE,
          heapPeakBytes() / MEBIBYTE,
          Runtime.getRuntime().maxMemory() / MEBIBYTE,
          direct.get() / MEBIBYTE,
          residentPeakBytes() / MEBIBYTE);
    }
  }

  /** The sum of what each part of the heap held at most, which need not have been at one time. */
  private static long heapPeakBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long residentPeakBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new NDockerException("/proc/self/status has no VmHWM");
  }
}
