package io.github.ndocker.engine;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexCodec;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.MalformedLayerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of the layers, one file each. An index that is missing or damaged is made again from
 * its blob.
 */
final class LayerIndexFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LayerIndexFiles.class);
  private static final Pattern NAME = Pattern.compile("sha256-([0-9a-f]{64})\\.index");
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path directory;
  private final TieredBlobStore store;
  private final LayerLimits limits;

  LayerIndexFiles(Path directory, TieredBlobStore store, LayerLimits limits) throws IOException {
    this.directory = PrivateFiles.sweptDirectory(directory);
    this.store = store;
    this.limits = limits;
  }

  void write(DiffId layer, LayerIndex index) throws IOException {
    PrivateFiles.replace(file(layer), out -> LayerIndexCodec.write(index, out));
  }

  LayerIndex read(DiffId layer) throws IOException {
    try (InputStream in = Files.newInputStream(file(layer))) {
      return LayerIndexCodec.read(in, limits);
    } catch (NoSuchFileException | MalformedLayerException e) {
      LOG.warn("the index of layer {} is made again: {}", layer, e.getMessage());
      LayerIndex index = scan(layer);
      write(layer, index);
      return index;
    }
  }

  /** Makes it again from the blob. */
  void rewrite(DiffId layer) throws IOException {
    write(layer, scan(layer));
  }

  /**
   * What is wrong with an index. It has a checksum; in a deep check it is compared with what the
   * blob yields, which must be the right one.
   */
  Optional<String> problemOf(DiffId layer, boolean deep) throws IOException {
    LayerIndex index;
    try (InputStream in = Files.newInputStream(file(layer))) {
      index = LayerIndexCodec.read(in, limits);
    } catch (NoSuchFileException e) {
      return Optional.of("has no index");
    } catch (MalformedLayerException e) {
      return Optional.of("has a damaged index: " + e.getMessage());
    }
    return deep && !index.equals(scan(layer))
        ? Optional.of("has an index that is not that of its bytes")
        : Optional.empty();
  }

  /** The layers that have an index. */
  Set<DiffId> layers() throws IOException {
    Set<DiffId> layers = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*-*.index")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        Matcher named = NAME.matcher(name);
        if (named.matches()) {
          layers.add(new DiffId(new Digest("sha256", named.group(1))));
        }
      }
    }
    return layers;
  }

  void delete(DiffId layer) throws IOException {
    Files.deleteIfExists(file(layer));
  }

  private LayerIndex scan(DiffId layer) throws IOException {
    try (BlobReader blob = store.read(layer.digest())) {
      LayerIndexer indexer = new LayerIndexer(limits);
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      for (long position = 0; position < blob.size(); ) {
        position += blob.read(buffer.clear(), position);
        indexer.update(buffer.flip());
      }
      return indexer.finish();
    }
  }

  private Path file(DiffId layer) {
    return directory.resolve(layer.digest().algorithm() + "-" + layer.digest().hex() + ".index");
  }
}
