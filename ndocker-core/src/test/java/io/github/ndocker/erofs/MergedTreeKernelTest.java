package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.LayerEntry;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.rootfs.ErofsSource;
import io.github.ndocker.rootfs.Providers;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.rootfs.RootfsWay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel shows of an image is what umoci unpacks of it. */
class MergedTreeKernelTest {
  /** The default set of make-images. */
  private static final List<String> IMAGES = List.of("debian", "python", "redis", "nginx", "java");

  @TempDir Path scratch;

  @Test
  void showsEveryRealImageAsUmociUnpacksIt() throws IOException {
    LoopMount.assumePossible();
    String images = System.getProperty("ndocker.images", "");
    Assumptions.assumeFalse(images.isEmpty(), "no images given in ndocker.images");
    Assumptions.assumeTrue(Command.exists("umoci"), "umoci is not installed");
    OciLayout layout = new OciLayout(Path.of(images, "oci"));
    Map<Path, LayerBlob> blobs = new HashMap<>();
    for (String image : IMAGES) {
      assertTrue(layout.names().contains(image), "make-images has not made " + image);
      List<LayerBlob> layers = new ArrayList<>();
      for (Path layer : layout.layers(image)) {
        if (!blobs.containsKey(layer)) {
          blobs.put(layer, LayerBlob.inflate(layer, scratch.resolve("layer" + blobs.size())));
        }
        layers.add(blobs.get(layer));
      }
      check(image, layout, layers);
    }
  }

  private void check(String image, OciLayout layout, List<LayerBlob> layers) throws IOException {
    MergedTree tree = MergedTree.of(layers.stream().map(LayerBlob::index).toList());
    List<Device> devices = new ArrayList<>();
    for (LayerBlob layer : layers) {
      devices.add(layer.device(devices.size()));
    }
    Path metadata = scratch.resolve(image + ".erofs");
    long began = System.nanoTime();
    ErofsSummary summary = new ErofsWriter().write(tree, ContentMap.ofLayers(devices), metadata);
    long millis = (System.nanoTime() - began) / 1_000_000;
    System.out.printf(
        "%s: %d inodes, %d bytes of metadata, %d ms%n",
        image, summary.inodes(), summary.bytes(), millis);
    Path unpacked = unpackedIn().resolve(image);
    String source = layout.root() + ":" + image;
    // parents that no layer has an entry for get the time of unpacking from umoci
    Set<String> explicit =
        layers.stream()
            .flatMap(layer -> layer.index().entries().stream())
            .map(LayerEntry::path)
            .map(path -> new String(path.toByteArray(), StandardCharsets.ISO_8859_1))
            .collect(Collectors.toSet());
    List<Path> tars = layers.stream().map(LayerBlob::tar).toList();
    try {
      Command.run("umoci", "raw", "unpack", "--image", source, unpacked.toString());
      compare(image, unpacked, metadata, tars, explicit);
    } finally {
      Command.run("rm", "-rf", unpacked.getParent().toString());
    }
  }

  private void compare(
      String image, Path unpacked, Path metadata, List<Path> tars, Set<String> explicit)
      throws IOException {
    Path loops = scratch.resolve(image + ".mnt");
    try (LoopMount mount = LoopMount.mount(metadata, tars, loops)) {
      compare(image + " on loop devices", unpacked, mount.directory(), explicit);
    }
    RootfsProvider provider = Providers.in(scratch, RootfsWay.EROFS_FILES);
    try (RootFilesystem mount =
        provider.mount(
            image,
            new ErofsSource(metadata, tars, true),
            RootfsOptions.writableIn(scratch.resolve("writable")),
            superblock -> {})) {
      compare(image + " on files", unpacked, mount.image(), explicit);
      compare(image + " under an overlay", unpacked, mount.root(), explicit);
    }
  }

  private static void compare(String subject, Path unpacked, Path mounted, Set<String> explicit)
      throws IOException {
    TreeComparison.Result result = TreeComparison.compare(unpacked, mounted, explicit::contains);
    assertEquals(List.of(), result.differences(), subject);
    assertTrue(result.files() > 1000, subject + " has only " + result.files() + " files");
    System.out.println(subject + ": " + result.files() + " files, no difference");
  }

  /** Unpacking writes ten thousand files; in memory that is over in a second. */
  private Path unpackedIn() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.createTempDirectory(Files.isDirectory(memory) ? memory : scratch, "umoci");
  }
}
