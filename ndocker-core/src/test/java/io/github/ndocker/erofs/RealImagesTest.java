package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.TreeEntry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every provider shows a real image as containerd has unpacked it, in every attribute and byte, and
 * the {@code fsck.erofs} that {@code -Dndocker.fsck} names finds nothing. Two small images, chosen
 * at random; all that there are with {@code -Dndocker.full=true}.
 */
class RealImagesTest {
  private static final boolean FULL = Boolean.getBoolean("ndocker.full");

  /** Compressed; larger images are for the full run. */
  private static final long SMALL = 45L << 20;

  /** What the metadata of all images may be, of the bytes of their layers. */
  private static final double MOST_METADATA = 0.015;

  @TempDir Path scratch;

  /** One line of the table. */
  private record Compared(
      String image, long files, Map<Provider, List<String>> differences, BuiltImage built) {
    String row() {
      Stream<String> counts = differences.values().stream().map(found -> "" + found.size());
      return "| %s | %,d | %s | %s |"
          .formatted(image, files, counts.collect(Collectors.joining(" | ")), share(built()));
    }

    private static String share(BuiltImage built) {
      return RealImagesTest.share(built.metadataBytes(), built.imageBytes());
    }
  }

  private static String share(long metadata, long image) {
    return String.format(
        Locale.ROOT, "%,d | %,d | %.2f%%", metadata, image, 100.0 * metadata / image);
  }

  @Test
  void areTheSameHereAndInContainerd() throws IOException {
    LoopMount.assumePossible();
    String images = System.getProperty("ndocker.images", "");
    Assumptions.assumeFalse(images.isEmpty(), "no images given in ndocker.images");
    for (String program : List.of("containerd", "ctr", "tar")) {
      Assumptions.assumeTrue(Command.exists(program), program + " is not installed");
    }
    OciLayout layout = new OciLayout(Path.of(images, "oci"));
    List<Compared> all = new ArrayList<>();
    for (String image : chosen(layout)) {
      Path work = Files.createDirectory(scratch.resolve(image));
      try {
        all.add(compare(image, layout, work));
      } finally {
        // one at a time: unpacked, an image takes many times its size
        Command.run("rm", "-rf", work.toString());
      }
    }
    report(all);
    for (Compared compared : all) {
      compared.differences.forEach(
          (provider, found) -> assertEquals(List.of(), found, compared.image + ", " + provider));
    }
    double metadata = all.stream().mapToLong(image -> image.built.metadataBytes()).sum();
    double bytes = all.stream().mapToLong(image -> image.built.imageBytes()).sum();
    assertTrue(metadata / bytes < MOST_METADATA, metadata + " of " + bytes + " bytes");
  }

  private static List<String> chosen(OciLayout layout) throws IOException {
    List<String> names = new ArrayList<>(layout.names());
    Collections.sort(names);
    if (FULL) {
      return names;
    }
    List<String> small = new ArrayList<>();
    for (String name : names) {
      long bytes = 0;
      for (Path layer : layout.layers(name)) {
        bytes += Files.size(layer);
      }
      if (bytes < SMALL) {
        small.add(name);
      }
    }
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Collections.shuffle(small, new Random(seed));
    List<String> two = small.subList(0, Math.min(2, small.size()));
    System.out.println("-Dndocker.seed=" + seed + " chooses " + two);
    return two;
  }

  private static Compared compare(String image, OciLayout layout, Path work) throws IOException {
    List<LayerBlob> layers = new ArrayList<>();
    for (Path layer : layout.layers(image)) {
      layers.add(LayerBlob.inflate(layer, work.resolve("layer" + layers.size())));
    }
    BuiltImage built = BuiltImage.of(layers, work.resolve("metadata"));
    requireRoom(built, work);
    Optional<ErofsFsck> fsck = ErofsFsck.given();
    if (fsck.isPresent()) {
      fsck.get().check(built);
    }
    Path archive = layout.archive(image, work.resolve("archive"));
    Map<Provider, List<String>> differences = new EnumMap<>(Provider.class);
    long files = 0;
    try (ContainerdUnpacking containerd = ContainerdUnpacking.start(work.resolve("containerd"));
        Closeable unpacked =
            containerd.unpack(archive, layout.chainId(image), work.resolve("unpacked"))) {
      TreeEntry expected = new DiskEntry(work.resolve("unpacked"));
      for (Provider provider : Provider.values()) {
        Path own = Files.createDirectory(work.resolve(provider.name()));
        try (Provider.Shown shown = provider.show(built, own)) {
          TreeComparison.Result result =
              TreeComparison.compare(expected, shown.root(), new LayerTimes(built.layers()));
          differences.put(provider, result.differences());
          files = result.files();
        }
      }
    }
    Compared compared = new Compared(image, files, differences, built);
    System.out.println(compared.row());
    return compared;
  }

  /** The native snapshotter copies all layers below each one. */
  private static void requireRoom(BuiltImage built, Path work) throws IOException {
    long needed = 2 * built.imageBytes();
    long below = 0;
    for (var layer : built.layers()) {
      below += layer.tarBytes();
      needed += below;
    }
    long free = Files.getFileStore(work).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          "unpacking the image may take " + needed + " bytes; there are " + free + " in " + work);
    }
  }

  private static void report(List<Compared> all) throws IOException {
    List<String> lines = new ArrayList<>();
    String providers =
        Stream.of(Provider.values()).map(Provider::title).collect(Collectors.joining(" | "));
    lines.add("Differences from what containerd's native snapshotter unpacks:");
    if (ErofsFsck.given().isPresent()) {
      lines.add("(" + ErofsFsck.given().get().program() + " finds nothing in any image.)");
    }
    lines.add("");
    lines.add("| image | files | " + providers + " | metadata bytes | layer bytes | share |");
    lines.add("|---|---|" + "---|".repeat(Provider.values().length + 3));
    all.forEach(compared -> lines.add(compared.row()));
    String sums =
        Stream.of(Provider.values())
            .map(
                provider ->
                    "" + all.stream().mapToLong(i -> i.differences.get(provider).size()).sum())
            .collect(Collectors.joining(" | "));
    lines.add(
        "| %d images | %,d | %s | %s |"
            .formatted(
                all.size(),
                all.stream().mapToLong(Compared::files).sum(),
                sums,
                share(
                    all.stream().mapToLong(image -> image.built.metadataBytes()).sum(),
                    all.stream().mapToLong(image -> image.built.imageBytes()).sum())));
    lines.forEach(System.out::println);
    Files.write(Files.createDirectories(Path.of("target")).resolve("real-images.md"), lines);
  }
}
