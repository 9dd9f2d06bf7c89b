package io.github.ndocker.evaluation;

import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.evaluation.host.PageCache;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A store of many images: how long it takes to open, and what deleting half of its blobs does to
 * starts. Run by {@code scripts/many-images}, with a small heap.
 */
public final class ManyImages {
  private static final long CAPACITY = 1L << 40;
  private static final int ROUNDS = 5;

  /** The starts that a round compares: before blobs are deleted, and meanwhile. */
  private static final int STARTS = 25;

  private final Path directory;

  private ManyImages(Path directory) {
    this.directory = directory;
  }

  /**
   * Does one step.
   *
   * @param arguments what: {@code fill}, {@code open} or {@code collect}; a directory for state and
   *     tiers; and for filling a layout of images and their number, for collecting their number,
   *     and a layout and the name of an image in it that can be started
   */
  public static void main(String... arguments) throws IOException {
    ManyImages store = new ManyImages(Path.of(arguments[1]));
    switch (arguments[0]) {
      case "fill" -> store.fill(Path.of(arguments[2]), Integer.parseInt(arguments[3]));
      case "open" -> store.measureOpening();
      case "collect" ->
          store.collect(Integer.parseInt(arguments[2]), Path.of(arguments[3]), arguments[4]);
      default -> throw new IOException("no such step: " + arguments[0]);
    }
  }

  private NDocker open() throws IOException {
    return NDocker.builder(
            directory.resolve("state"),
            FileTier.open(directory.resolve("fast"), CAPACITY),
            FileTier.open(directory.resolve("slow"), CAPACITY))
        .open();
  }

  private static ImageReference name(int image) throws IOException {
    return ImageReference.parse("image-" + image + ":latest");
  }

  private void fill(Path layout, int images) throws IOException {
    OciLayout source = OciLayout.open(layout);
    try (NDocker engine = open()) {
      for (int image = 0; image < images; image++) {
        engine.deploy(name(image), source, progress -> {});
      }
    }
  }

  /**
   * As the first thing a program does, with everything in memory, and with nothing of the store.
   */
  private void measureOpening() throws IOException {
    double first = millisToOpen();
    double warm = millisToOpen();
    PageCache.drop();
    double cold = millisToOpen();
    try (NDocker engine = open()) {
      System.out.printf(
          Locale.ROOT,
          "opened %d images, %d blobs: %.0f ms in a new JVM, %.0f ms again, %.0f ms after the page"
              + " cache was dropped; heap of %d MiB%n",
          engine.images().size(),
          engine.usage(Tier.SLOW).blobs() + engine.usage(Tier.FAST).blobs(),
          first,
          warm,
          cold,
          Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  private double millisToOpen() throws IOException {
    long start = System.nanoTime();
    try (NDocker engine = open()) {
      return (System.nanoTime() - start) / 1e6;
    }
  }

  private void collect(int images, Path layout, String started) throws IOException {
    ImageReference image = ImageReference.parse(started);
    try (NDocker engine = open()) {
      engine.deploy(image, OciLayout.open(layout), progress -> {});
    }
    List<Double> usual = new ArrayList<>();
    List<Double> meanwhile = new ArrayList<>();
    long freed = 0;
    long nanos = 0;
    for (int round = 0; round < ROUNDS; round++) {
      forget(images / 2 / ROUNDS * round, images / 2 / ROUNDS);
      try (NDocker engine = open()) {
        start(engine, image);
        usual.addAll(starts(engine, image));
        FutureTask<Long> collection = new FutureTask<>(engine::gc);
        long begin = System.nanoTime();
        new Thread(collection, "gc").start();
        while (!collection.isDone()) {
          double millis = start(engine, image);
          meanwhile.add(millis);
        }
        freed += get(collection);
        nanos += System.nanoTime() - begin;
        // before and after, because whatever runs longer gets faster
        usual.addAll(starts(engine, image));
      }
    }
    report(usual, meanwhile, freed, nanos);
  }

  /** What a crash in a removal leaves: blobs whose image the catalogue does not have. */
  private void forget(int from, int count) throws IOException {
    try (Catalogue catalogue = Catalogue.open(directory.resolve("state"))) {
      for (int image = from; image < from + count; image++) {
        catalogue.images().remove(name(image).toString());
      }
    }
  }

  private static List<Double> starts(NDocker engine, ImageReference image) throws IOException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      millis.add(start(engine, image));
    }
    return millis;
  }

  private static double start(NDocker engine, ImageReference image) throws IOException {
    long begin = System.nanoTime();
    try (RunningContainer running =
        engine.start(image, engine.containerSpec(image, List.of("/bin/true")))) {
      running.container().awaitExit();
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  private static long get(FutureTask<Long> collection) throws IOException {
    try {
      return collection.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("the collection failed", e);
    }
  }

  private static void report(List<Double> usual, List<Double> meanwhile, long freed, long nanos) {
    System.out.printf(
        Locale.ROOT,
        "collected %.1f MB in %.2f s; starts: usually %s; meanwhile %s; ratio of medians %.2f%n",
        freed / 1e6,
        nanos / 1e9,
        describe(usual),
        describe(meanwhile),
        median(meanwhile) / median(usual));
  }

  private static String describe(List<Double> millis) {
    return String.format(
        Locale.ROOT,
        "%.0f ms (%.0f to %.0f, %d of them)",
        median(millis),
        Collections.min(millis),
        Collections.max(millis),
        millis.size());
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
