package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexCodec;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.LayerReader;
import io.github.ndocker.layer.RandomLayers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A random tree, written as layers that lie in random pieces, is what every provider shows. No
 * other engine is asked, so there may be anything in it that a layer can say.
 */
class RoundTripTest {
  /**
   * Another number by {@code -Dndocker.rounds}; the seed of the first by {@code -Dndocker.seed}.
   */
  private static final int ROUNDS = Integer.getInteger("ndocker.rounds", 12);

  @TempDir Path scratch;

  @Test
  void showsRandomTreesAsTheyWereMeant() throws IOException {
    LoopMount.assumePossible();
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    long files = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Path work = Files.createDirectory(scratch.resolve("" + round));
      try {
        files += check(seed + round, work);
      } catch (IOException | RuntimeException e) {
        throw new AssertionError("-Dndocker.seed=" + (seed + round), e);
      } finally {
        Command.run("rm", "-rf", work.toString());
      }
    }
    System.out.printf("%d rounds from seed %d: %d files as meant%n", ROUNDS, seed, files);
    assertTrue(files > ROUNDS * 10L, files + " files");
  }

  private static long check(long seed, Path work) throws IOException {
    Random random = new Random(seed);
    long files = 0;
    for (LayerReader reader : List.of(LayerReader.OURS, LayerReader.TOGETHER)) {
      RandomLayers layers = new RandomLayers(seed, 1 + random.nextInt(5), reader);
      Path place = Files.createDirectory(work.resolve(reader.name()));
      BuiltImage image = build(layers.layers(), random, place);
      for (Provider provider : Provider.values()) {
        if (reader == LayerReader.OURS && !provider.keepsAll()) {
          continue;
        }
        Path own = Files.createDirectory(place.resolve(provider.name()));
        try (Provider.Shown shown = provider.show(image, own)) {
          TreeComparison.Result result =
              TreeComparison.compare(layers.model(), shown.root(), path -> true);
          assertEquals(List.of(), result.differences(), provider + ", -Dndocker.seed=" + seed);
          files += result.files();
        }
      }
    }
    return files;
  }

  private static BuiltImage build(List<byte[]> layers, Random random, Path work)
      throws IOException {
    List<LayerIndex> indexes = new ArrayList<>();
    List<BlobLocation> locations = new ArrayList<>();
    List<DiffId> names = new ArrayList<>();
    Map<Digest, byte[]> blobs = new HashMap<>();
    for (byte[] layer : layers) {
      int number = indexes.size();
      indexes.add(kept(indexed(layer, random)));
      int unit = random.nextInt(3) == 0 ? 4096 : 512;
      int most = Math.min(20, layer.length / unit / 2);
      locations.add(
          ScatteredBlob.write(
              layer,
              1 + random.nextInt(Math.max(1, most)),
              unit,
              random,
              work.resolve("fast" + number),
              work.resolve("slow" + number)));
      names.add(new DiffId(Digest.sha256(ByteBuffer.allocate(32).putInt(number).array())));
      blobs.put(names.get(number).digest(), layer);
    }
    TieredContents contents =
        new TieredContents(names, locations, List.of(), name -> new BlobOfBytes(blobs.get(name)));
    List<Path> files = TieredContents.files(locations, List.of());
    return BuiltImage.of(indexes, files, contents, work.resolve("metadata"));
  }

  /** As the layer comes in pieces of any size. */
  private static LayerIndex indexed(byte[] layer, Random random) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    for (int at = 0; at < layer.length; ) {
      int count = Math.min(layer.length - at, 1 + random.nextInt(9000));
      indexer.update(layer, at, count);
      at += count;
    }
    return indexer.finish();
  }

  /** As it is read from its file later. */
  private static LayerIndex kept(LayerIndex index) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    LayerIndexCodec.write(index, file);
    return LayerIndexCodec.read(new ByteArrayInputStream(file.toByteArray()), LayerLimits.DEFAULT);
  }
}
