package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerReader;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.RandomLayers;
import io.github.ndocker.layer.TarBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random layers come to the same tree here, in umoci and in containerd, in every attribute. */
class EnginesAgreeTest {
  /**
   * Another number by {@code -Dndocker.rounds}; the seed of the first by {@code -Dndocker.seed}.
   */
  private static final int ROUNDS = Integer.getInteger("ndocker.rounds", 12);

  @TempDir Path scratch;

  @Test
  void aboutRandomLayers() throws IOException {
    LoopMount.assumePossible();
    for (String program : List.of("umoci", "containerd", "ctr", "tar")) {
      Assumptions.assumeTrue(Command.exists(program), program + " is not installed");
    }
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Path work = Files.createTempDirectory(memory(), "engines");
    try (ContainerdUnpacking containerd = ContainerdUnpacking.start(work.resolve("containerd"))) {
      long files = 0;
      for (int round = 0; round < ROUNDS; round++) {
        try {
          files += compare(seed + round, work.resolve("" + round), containerd);
        } catch (IOException e) {
          throw new AssertionError("-Dndocker.seed=" + (seed + round), e);
        }
      }
      System.out.printf("%d rounds from seed %d: %d files alike%n", ROUNDS, seed, files);
      assertTrue(files > ROUNDS * 10L, files + " files");
    } finally {
      Command.run("rm", "-rf", work.toString());
    }
  }

  private long compare(long seed, Path work, ContainerdUnpacking containerd) throws IOException {
    boolean apart = seed % 2 == 0;
    LayerReader reader = apart ? LayerReader.APART : LayerReader.TOGETHER;
    RandomLayers layers = new RandomLayers(seed, 1 + (int) Math.floorMod(seed / 2, 5L), reader);
    TestImage image = TestImage.write(work.resolve("layout"), layers.layers());
    List<LayerIndex> indexes = new ArrayList<>();
    List<Device> devices = new ArrayList<>();
    List<Path> tars = new ArrayList<>();
    for (byte[] layer : layers.layers()) {
      indexes.add(TarBuilder.index(layer));
      tars.add(image.layer(devices.size()));
      devices.add(new Device(layer.length, "layer" + devices.size()));
    }
    Path metadata = scratch.resolve(seed + ".erofs");
    MergedTree tree = MergedTree.of(indexes);
    ErofsSummary unused = new ErofsWriter().write(tree, ContentMap.ofLayers(devices), metadata);
    Path byUmoci = work.resolve("umoci");
    Command.run(
        "umoci", "raw", "unpack", "--image", work.resolve("layout") + ":test", byUmoci.toString());
    try (LoopMount mount = LoopMount.mount(metadata, tars, scratch.resolve("mnt" + seed))) {
      long files = compare("umoci", seed, layers, byUmoci, mount.directory());
      if (apart) {
        Path archive = work.resolve("archive.tar");
        Command.run("tar", "-cf", archive.toString(), "-C", work.resolve("layout").toString(), ".");
        Path target = work.resolve("containerd");
        try (Closeable mounted = containerd.unpack(archive, image.chainId(), target)) {
          files += compare("containerd", seed, layers, target, mount.directory());
        }
      }
      return files;
    }
  }

  private static long compare(
      String engine, long seed, RandomLayers layers, Path expected, Path actual)
      throws IOException {
    TreeComparison.Result result = TreeComparison.compare(expected, actual, layers::isTimed);
    assertEquals(List.of(), result.differences(), engine + ", -Dndocker.seed=" + seed);
    return result.files();
  }

  /** Unpacking writes thousands of files; in memory that is over in a second. */
  private Path memory() {
    Path memory = Path.of("/dev/shm");
    return Files.isDirectory(memory) ? memory : scratch;
  }
}
