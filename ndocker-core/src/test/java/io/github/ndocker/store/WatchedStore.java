package io.github.ndocker.store;

import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A store of files in a directory: 8 MiB are fast, and a deleted fast blob is overwritten. */
record WatchedStore(Path directory, Catalogue catalogue, Leases leases, TwoTierStore store)
    implements Closeable {
  static WatchedStore open(Path directory, StoreListener listener) throws IOException {
    Files.createDirectories(directory.resolve("sys/fs/erofs"));
    Catalogue catalogue = Catalogue.open(directory.resolve("state"));
    Leases leases = Leases.open(catalogue, directory.resolve("sys"), "this boot");
    TwoTierStore store =
        TwoTierStore.open(
            new InPlaceTier(FileTier.open(directory.resolve("fast"), 8 << 20)),
            FileTier.open(directory.resolve("slow"), 1 << 30),
            leases,
            catalogue,
            listener);
    return new WatchedStore(directory, catalogue, leases, store);
  }

  Digest put(Tier tier, byte[] bytes) throws IOException {
    try (BlobWriter writer = store.write(tier, bytes.length)) {
      writer.write(ByteBuffer.wrap(bytes));
      return writer.commit();
    }
  }

  /** The first bytes fast, the rest slow. */
  void putSplit(byte[] bytes, int fastBytes, Digest name) throws IOException {
    try (SplitBlobWriter writer = store.writeSplit()) {
      writer.write(Tier.FAST, ByteBuffer.wrap(bytes, 0, fastBytes));
      writer.write(Tier.SLOW, ByteBuffer.wrap(bytes, fastBytes, bytes.length - fastBytes));
      writer.commit(name);
    }
  }

  Path file(Digest blob, int extent) {
    return store.locate(blob).orElseThrow().extents().get(extent).file();
  }

  Tier tierOf(Digest blob) {
    return store.locate(blob).orElseThrow().extents().get(0).tier();
  }

  void damage(Digest blob, int extent) throws IOException {
    byte[] bytes = Files.readAllBytes(file(blob, extent));
    bytes[bytes.length / 2]++;
    Files.write(file(blob, extent), bytes);
  }

  /** Files of copies that are not complete. */
  long incoming() throws IOException {
    long count = 0;
    for (String tier : new String[] {"fast", "slow"}) {
      try (Stream<Path> files = Files.list(directory.resolve(tier).resolve("incoming"))) {
        count += files.count();
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    try (catalogue) {
      store.close();
    }
  }
}
