package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A store of files in a directory: 8 MiB are fast, and a deleted fast blob is overwritten. What the
 * kernel shows of mounts is in the same directory.
 */
record StoreOfFiles(Path directory, Catalogue catalogue, Leases leases, TwoTierStore store)
    implements Closeable {
  static StoreOfFiles open(Path directory) throws IOException {
    return open(directory, StoreListener.NONE);
  }

  static StoreOfFiles open(Path directory, StoreListener listener) throws IOException {
    return open(directory, Catalogue.open(directory.resolve("state")), false, listener);
  }

  /** As an engine does it after rows were lost: what is mounted may read everything. */
  static StoreOfFiles openSalvaged(Path directory) throws IOException {
    Catalogue catalogue = Catalogue.replaceDamaged(directory.resolve("state"));
    StoreOfFiles salvaged = open(directory, catalogue, true, StoreListener.NONE);
    catalogue.rebuilt();
    return salvaged;
  }

  private static StoreOfFiles open(
      Path directory, Catalogue catalogue, boolean anyMountReadsAll, StoreListener listener)
      throws IOException {
    Files.createDirectories(directory.resolve("sys/fs/erofs"));
    Leases leases = Leases.open(catalogue, directory.resolve("sys"), "this boot");
    BlobTier fast = new InPlaceTier(FileTier.open(directory.resolve("fast"), 8 << 20));
    BlobTier slow = FileTier.open(directory.resolve("slow"), 1 << 30);
    if (anyMountReadsAll) {
      Set<Digest> all = new HashSet<>(fast.blobs().keySet());
      all.addAll(slow.blobs().keySet());
      leases.addToAll(all);
    }
    TwoTierStore store = TwoTierStore.open(fast, slow, leases, catalogue, listener);
    return new StoreOfFiles(directory, catalogue, leases, store);
  }

  /** As after another start of the process. */
  StoreOfFiles reopened() throws IOException {
    close();
    return open(directory);
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

  byte[] get(Digest blob) throws IOException {
    try (BlobReader reader = store.read(blob)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
      reader.read(bytes, 0);
      return bytes.array();
    }
  }

  long usedBytes() {
    return store.usage(Tier.FAST).usedBytes() + store.usage(Tier.SLOW).usedBytes();
  }

  /** The kernel has a superblock that reads the blobs, and a lease says so. */
  void mount(String superblock, Digest... blobs) throws IOException {
    Files.createDirectory(superblock(superblock));
    leases.add(superblock, Set.of(blobs), List.of());
  }

  /** Its lease is not gone with it. */
  void unmount(String superblock) throws IOException {
    Files.delete(superblock(superblock));
  }

  Path superblock(String name) {
    return directory.resolve("sys/fs/erofs").resolve(name);
  }

  /** Where a tier has, or would have, what it calls so. */
  Path fileOf(Tier tier, Digest key) {
    return directory
        .resolve(tier == Tier.FAST ? "fast" : "slow")
        .resolve("blobs/sha256")
        .resolve(key.hex());
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
