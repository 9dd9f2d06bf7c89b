package io.github.ndocker.faults;

import io.github.ndocker.api.BlobExtent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Which kind of file a bit is flipped in, and how. */
enum FlippedFile {
  /** A layer or a record on the slow tier. */
  SLOW_BLOB {
    @Override
    void flip(Places places, EngineUnderTest engine, Random random) throws IOException {
      flipIn(anyIn(places.slow().resolve("blobs"), random), random);
    }
  },
  /** The hot pack: a file, or a range of a pool. */
  FAST_BLOB {
    @Override
    void flip(Places places, EngineUnderTest engine, Random random) throws IOException {
      List<BlobExtent> extents = engine.hotPack().extents();
      BlobExtent extent = extents.get(random.nextInt(extents.size()));
      flipAt(extent.file(), extent.offset() + random.nextInt((int) extent.length()), random);
    }
  },
  /** The index of a layer. */
  INDEX {
    @Override
    void flip(Places places, EngineUnderTest engine, Random random) throws IOException {
      flipIn(anyIn(places.state().resolve("index"), random), random);
    }
  },
  /** The EROFS metadata of an image. */
  METADATA {
    @Override
    void flip(Places places, EngineUnderTest engine, Random random) throws IOException {
      flipIn(anyIn(places.state().resolve("metadata"), random), random);
    }
  },
  /** A row of the catalogue, when nobody has it open. */
  CATALOGUE {
    @Override
    void flip(Places places, EngineUnderTest engine, Random random) throws IOException {
      engine.close();
      PassingRows.leave(places, random);
      Path catalogue = places.state().resolve("catalogue.db");
      flipAt(catalogue, CatalogueBytes.anyOfARow(catalogue, random), random);
    }
  };

  /** Flips one bit of what is there. */
  abstract void flip(Places places, EngineUnderTest engine, Random random) throws IOException;

  private static Path anyIn(Path directory, Random random) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> files =
          walk.filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0)
              .sorted()
              .toList();
      return files.get(random.nextInt(files.size()));
    }
  }

  private static void flipIn(Path file, Random random) throws IOException {
    flipAt(file, random.nextInt((int) Files.size(file)), random);
  }

  private static void flipAt(Path file, long position, Random random) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      int right = bytes.read();
      bytes.seek(position);
      bytes.write(right ^ 1 << random.nextInt(8));
    }
  }
}
