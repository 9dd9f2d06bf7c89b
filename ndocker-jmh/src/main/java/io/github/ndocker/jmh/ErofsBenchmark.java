package io.github.ndocker.jmh;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.ErofsSummary;
import io.github.ndocker.erofs.ErofsWriter;
import io.github.ndocker.erofs.TieredContents;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Merging the index of a layer, writing the metadata image of its tree, and forcing that. {@link
 * ErofsMkfsBenchmark} is what it is compared with.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ErofsBenchmark {
  static final int FILE_BYTES = 2_000;
  private static final DiffId LAYER = new DiffId(Digest.sha256(new byte[32]));

  /** How many files the layer has. */
  @Param({"12000", "100000"})
  public int files;

  private List<LayerIndex> indexes = List.of();
  private List<BlobLocation> locations = List.of();
  private Path image = Path.of("");
  private Optional<ScratchDirectory> scratch = Optional.empty();

  /** The state fields of a benchmark. */
  public ErofsBenchmark() {}

  /**
   * Indexes the layer.
   *
   * @throws IOException if there is no room for temporary files
   */
  @Setup
  public void indexLayer() throws IOException {
    LayerIndex index = SyntheticLayer.index(files, FILE_BYTES);
    ScratchDirectory directory = ScratchDirectory.create();
    scratch = Optional.of(directory);
    Path layer = directory.path().resolve("layer.tar");
    try (RandomAccessFile tar = new RandomAccessFile(layer.toFile(), "rw")) {
      // a hole: the writer asks for its size and never reads it
      tar.setLength(index.tarBytes());
    }
    indexes = List.of(index);
    locations = List.of(new BlobLocation(Tier.SLOW, layer, 0, index.tarBytes()));
    image = directory.path().resolve("image.erofs");
  }

  /**
   * Removes layer and image.
   *
   * @throws IOException if one cannot be removed
   */
  @TearDown
  public void removeFiles() throws IOException {
    scratch.orElseThrow().close();
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
            new TieredContents(List.of(LAYER), locations, List.of(), ErofsBenchmark::unread),
            image);
  }

  /** The layer lies in one piece. */
  private static BlobReader unread(Digest name) throws IOException {
    throw new IOException("nothing of " + name + " has to be copied");
  }
}
