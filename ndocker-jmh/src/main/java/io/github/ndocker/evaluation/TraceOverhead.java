package io.github.ndocker.evaluation;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.engine.TracedStart;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What tracing costs a warm start: traced and untraced starts of one image, alternating, each on a
 * mount of its own with read-ahead off, so that watching is all that differs.
 *
 * <p>Arguments: the directory of {@code make-images}, a directory to work in, how many starts of
 * each kind, and the names of images. Prints a line for each, with medians in milliseconds. Needs
 * root.
 */
public final class TraceOverhead {
  private static final long TIER_BYTES = 16L << 30;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** What only fills the page cache and warms this JVM up. */
  private static final int WARM_UP = 2;

  private final NDocker engine;
  private final ImageReference image;
  private final ContainerSpec spec;
  private final Workload workload;
  private final RootfsOptions ownTree;

  private TraceOverhead(NDocker engine, Workload workload, Path writable) throws IOException {
    this.engine = engine;
    this.workload = workload;
    this.image = ImageReference.parse(workload.image());
    this.spec = engine.containerSpec(image, workload.arguments());
    this.ownTree = RootfsOptions.writableIn(writable).withOwnTree();
  }

  /**
   * Measures.
   *
   * @param arguments see above
   * @throws IOException if an image is not there, or cannot be started
   */
  public static void main(String... arguments) throws IOException {
    Path images = Path.of(arguments[0]);
    Path work = Files.createDirectories(Path.of(arguments[1]));
    int starts = Integer.parseInt(arguments[2]);
    List<String> names = Arrays.asList(arguments).subList(3, arguments.length);
    OciLayout layout = OciLayout.open(images.resolve("oci"));
    try (NDocker engine =
        NDocker.builder(
                work.resolve("state"),
                FileTier.open(work.resolve("fast"), TIER_BYTES),
                FileTier.open(work.resolve("slow"), TIER_BYTES))
            .open()) {
      System.out.println("image untraced traced ratio");
      for (String name : names) {
        Workload workload = Workload.of(name, images.resolve("coldstart.json"));
        engine.deploy(ImageReference.parse(name), layout, progress -> {});
        new TraceOverhead(engine, workload, work.resolve("writable")).measure(starts);
        engine.remove(ImageReference.parse(name));
      }
    }
  }

  private void measure(int starts) throws IOException {
    List<Long> untraced = new ArrayList<>();
    List<Long> traced = new ArrayList<>();
    for (int start = -WARM_UP; start < starts; start++) {
      long without = untraced();
      long with = traced();
      if (start >= 0) {
        untraced.add(without);
        traced.add(with);
      }
    }
    double without = median(untraced) / 1e6;
    double with = median(traced) / 1e6;
    System.out.printf(
        Locale.ROOT, "%s %.1f %.1f %.3f%n", workload.image(), without, with, with / without);
  }

  private long untraced() throws IOException {
    try (RunningContainer running = engine.start(image, spec, ownTree)) {
      return awaitReady(running.container());
    }
  }

  private long traced() throws IOException {
    TraceOptions options = TraceOptions.until(TraceEnd.ready(workload.readiness()));
    try (TracedStart start = engine.startTraced(image, spec, options)) {
      return awaitReady(start.running().container());
    }
  }

  /** From the start of the runtime, in nanoseconds. */
  private long awaitReady(Container container) throws IOException {
    return container.awaitReady(workload.readiness(), TIMEOUT).toNanos();
  }

  private static double median(List<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
  }
}
