package io.github.ndocker.evaluation.prediction;

import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * In what units hot files are best packed: traces two cold starts of each image, packs the first
 * one on paper in units of several sizes, and says what that takes and what the second one would
 * have missed.
 *
 * <p>Arguments: the directory of {@code make-images}; a directory for state, on a disk; a directory
 * for blobs, best in memory; and the images. Needs root.
 */
public final class PackingUnits {
  private static final long CAPACITY = 64L << 30;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int KIB = 1 << 10;

  /** How many of the files that a second start missed are named of each image; none by default. */
  private static final int MISSED = Integer.getInteger("ndocker.packing.missed", 0);

  /** A way to pack: in units of so many bytes, and files of at most so many bytes whole. */
  private record Way(String name, long unitBytes, long wholeBytes) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("pages of 4 KiB", 4 * KIB, 0),
          new Way("pages, files up to 8 KiB whole", 4 * KIB, 8 * KIB),
          new Way("pages, files up to 16 KiB whole", 4 * KIB, 16 * KIB),
          new Way("pages, files up to 64 KiB whole", 4 * KIB, 64 * KIB),
          new Way("units of 8 KiB", 8 * KIB, 8 * KIB),
          new Way("units of 16 KiB", 16 * KIB, 16 * KIB),
          new Way("units of 32 KiB", 32 * KIB, 32 * KIB),
          new Way("units of 64 KiB", 64 * KIB, 64 * KIB),
          new Way("units of 128 KiB", 128 * KIB, 128 * KIB),
          new Way("whole files", 4 * KIB, Long.MAX_VALUE));

  /** What a way came to for one image. */
  private record Packed(double share, double missedRuns, double missedBytes) {}

  private PackingUnits() {}

  /**
   * Prints a table.
   *
   * @param arguments see above
   * @throws IOException if an image is not there or cannot be traced
   */
  public static void main(String... arguments) throws IOException {
    Path images = Path.of(arguments[0]);
    Map<Way, List<Packed>> all = new HashMap<>();
    try (NDocker engine =
        NDocker.builder(
                Path.of(arguments[1]),
                FileTier.open(Path.of(arguments[2]).resolve("fast"), CAPACITY),
                FileTier.open(Path.of(arguments[2]).resolve("slow"), CAPACITY))
            .placement(new AllSlow())
            .open()) {
      for (String image : List.of(arguments).subList(3, arguments.length)) {
        Workload workload = Workload.of(image, images.resolve("coldstart.json"));
        ImageReference reference = ImageReference.parse(image);
        engine.deploy(reference, OciLayout.open(images.resolve("oci")), progress -> {});
        Profile first = trace(engine, reference, workload);
        Profile second = trace(engine, reference, workload);
        for (Way way : WAYS) {
          all.computeIfAbsent(way, one -> new ArrayList<>())
              .add(packed(first, second, way, engine.inspect(reference).imageBytes()));
        }
        PageRanges missed = PageRanges.of(second.hotFiles()).minus(PageRanges.of(first.hotFiles()));
        System.err.printf(
            Locale.ROOT,
            "%s: the second start misses %d pieces, %d bytes%n%s",
            image,
            missed.runs(),
            missed.bytes(),
            missed.worst(MISSED));
        engine.remove(reference);
      }
    }
    System.out.println(
        "| packed | bytes of the image, median | most | pieces that the second start misses, median"
            + " | most | bytes that it misses, median |\n| --- | --- | --- | --- | --- | --- |");
    for (Way way : WAYS) {
      List<Packed> packed = all.getOrDefault(way, List.of());
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f%% | %.1f%% | %.0f | %.0f | %.0f |%n",
          way.name(),
          100 * median(packed.stream().mapToDouble(Packed::share).toArray()),
          100 * packed.stream().mapToDouble(Packed::share).max().orElse(0),
          median(packed.stream().mapToDouble(Packed::missedRuns).toArray()),
          packed.stream().mapToDouble(Packed::missedRuns).max().orElse(0),
          median(packed.stream().mapToDouble(Packed::missedBytes).toArray()));
    }
  }

  private static Profile trace(NDocker engine, ImageReference image, Workload workload)
      throws IOException {
    ContainerSpec spec = engine.containerSpec(image, workload.arguments());
    TraceEnd ready = TraceEnd.ready(workload.readiness()).within(TIMEOUT);
    return engine.trace(image, workload.image(), spec, TraceOptions.until(ready).withReplacing());
  }

  private static Packed packed(Profile first, Profile second, Way way, long imageBytes) {
    Map<String, Long> sizes = new HashMap<>();
    for (ProfiledFile file : first.files()) {
      file.origin().ifPresent(origin -> sizes.put(file.path(), origin.size()));
    }
    PageRanges pack =
        PageRanges.of(first.hotFiles()).widened(way.unitBytes(), way.wholeBytes(), sizes);
    PageRanges missed = PageRanges.of(second.hotFiles()).minus(pack);
    return new Packed((double) pack.bytes() / imageBytes, missed.runs(), missed.bytes());
  }

  private static double median(double[] numbers) {
    Arrays.sort(numbers);
    int middle = numbers.length / 2;
    return numbers.length % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
  }
}
