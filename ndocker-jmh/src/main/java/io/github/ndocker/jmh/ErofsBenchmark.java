package io.github.ndocker.jmh;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.ErofsSummary;
import io.github.ndocker.erofs.ErofsWriter;
import io.github.ndocker.erofs.TieredContents;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Merging the index of a layer of 12,000 files, writing the metadata image of its tree, and forcing
 * that.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ErofsBenchmark {
  private static final int FILES = 12_000;
  private static final int FILE_BYTES = 2_000;
  private static final DiffId LAYER = new DiffId(Digest.sha256(new byte[32]));

  private List<LayerIndex> indexes = List.of();
  private List<BlobLocation> locations = List.of();
  private Path layer = Path.of("");
  private Path image = Path.of("");

  /** The state fields of a benchmark. */
  public ErofsBenchmark() {}

  /**
   * Indexes the layer.
   *
   * @throws IOException if there is no room for temporary files
   */
  @Setup
  public void indexLayer() throws IOException {
    byte[] tar = SyntheticLayer.tar(FILES, FILE_BYTES);
    LayerIndexer indexer = new LayerIndexer();
    indexer.update(tar, 0, tar.length);
    indexes = List.of(indexer.finish());
    layer = Files.write(Files.createTempFile("benchmark-", ".tar"), tar);
    locations = List.of(new BlobLocation(Tier.SLOW, layer, 0, tar.length));
    image = Files.createTempFile("benchmark-", ".erofs");
  }

  /**
   * Removes layer and image.
   *
   * @throws IOException if one cannot be removed
   */
  @TearDown
  public void removeFiles() throws IOException {
    Files.delete(layer);
    Files.delete(image);
  }

  /**
   * What the engine does before a mount, once the indexes are in memory.
   *
   * @return what was written
   * @throws IOException if there is no room for temporary files
   */
  @Benchmark
  public ErofsSummary mergeAndWrite() throws IOException {
    return new ErofsWriter()
        .write(
            MergedTree.of(indexes),
            new TieredContents(List.of(LAYER), locations, Optional.empty()),
            image);
  }
}
