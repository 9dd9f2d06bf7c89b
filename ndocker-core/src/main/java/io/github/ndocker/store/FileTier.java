package io.github.ndocker.store;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.Usage;
import io.github.ndocker.linux.PinnedDirectories;
import io.github.ndocker.linux.PinnedFiles;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tier that is a directory: one file per blob, on any file system. A reader that was opened
 * before its blob was deleted stays valid. Interrupting a thread that reads or writes closes that
 * reader or writer, as everywhere in NIO.
 */
public final class FileTier implements BlobTier {
  /** Blobs of some twenty images, or of many more that share most. */
  private static final int MAX_PINNED = 256;

  private final StoreLock lock;
  private final BlobDirectory directory;
  private final PinnedDirectories pinned;
  private final PinnedFiles recent = new PinnedFiles(MAX_PINNED);
  private final TierDescription description;
  private final Budget budget;
  private final ConcurrentHashMap<Digest, Long> sizes;
  private final NamedLocks<Digest> locks = new NamedLocks<>();

  private FileTier(
      StoreLock lock, BlobDirectory directory, TierDescription description, TierBudget limits)
      throws IOException {
    this.lock = lock;
    this.directory = directory;
    this.description = description;
    this.sizes = new ConcurrentHashMap<>(directory.list());
    long used = sizes.values().stream().mapToLong(Long::longValue).sum();
    this.budget = new Budget(directory.root(), limits, used);
    this.pinned = new PinnedDirectories(directory.blobDirectories());
  }

  /**
   * Opens a tier, or creates it. What was being written when it was last open is discarded.
   *
   * @param directory where; created if missing, for the owner alone
   * @param capacityBytes the budget; the medium may have less
   * @return the tier, to be closed by the caller
   * @throws StoreInUseException if another process, or this one, has opened it already
   * @throws io.github.ndocker.api.NewerFormatException if a newer version wrote it
   * @throws IOException if the directory cannot be created or read
   * @throws IllegalArgumentException if the budget is negative
   */
  public static FileTier open(Path directory, long capacityBytes) throws IOException {
    return open(directory, TierBudget.of(capacityBytes));
  }

  /**
   * As {@link #open(Path, long)}, with a reserve.
   *
   * @param directory where
   * @param limits how much of the medium it may use
   * @return the tier, to be closed by the caller
   * @throws IOException as there
   */
  public static FileTier open(Path directory, TierBudget limits) throws IOException {
    // before anything is swept: another process may be writing
    StoreLock lock = StoreLock.acquire(directory);
    boolean opened = false;
    try {
      BlobDirectory blobs = BlobDirectory.open(directory.toAbsolutePath().normalize());
      String type = Files.getFileStore(blobs.root()).type();
      boolean inMemory = type.equals("tmpfs") || type.equals("ramfs");
      TierDescription description =
          new TierDescription(inMemory ? "files in memory" : "files", blobs.root(), !inMemory);
      FileTier tier = new FileTier(lock, blobs, description, limits);
      opened = true;
      return tier;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  @Override
  public TierDescription description() {
    return description;
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    return FileTierWriter.begin(this, expectedBytes);
  }

  @Override
  public Map<Digest, Long> blobs() {
    return Map.copyOf(sizes);
  }

  @Override
  public List<Extent> locate(Digest blob) {
    Long size = sizes.get(blob);
    return size == null ? List.of() : List.of(new Extent(directory.pathOf(blob), 0, size));
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    if (!sizes.containsKey(blob)) {
      throw new BlobNotFoundException(blob);
    }
    try {
      return new FileBlobReader(FileChannel.open(directory.pathOf(blob), StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      // deleted since, or taken away behind our back: either way the tier does not hold it
      BlobNotFoundException missing = new BlobNotFoundException(blob);
      missing.initCause(e);
      throw missing;
    }
  }

  /** Keeps the blob's name and inode in memory, so that the next start need not look for them. */
  @Override
  public void mounted(Digest blob) {
    if (sizes.containsKey(blob)) {
      recent.pin(directory.pathOf(blob));
    }
  }

  @Override
  public void delete(Digest blob) throws IOException {
    deleteAll(Set.of(blob));
  }

  @Override
  public void deleteAll(Set<Digest> blobs) throws IOException {
    boolean deleted = false;
    try {
      for (Digest blob : blobs) {
        try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
          Long size = sizes.get(blob);
          if (size != null) {
            directory.unlink(blob);
            recent.unpin(directory.pathOf(blob));
            deleted = true;
            sizes.remove(blob);
            budget.give(size);
          }
        }
      }
    } finally {
      if (deleted) {
        directory.forceNames();
      }
    }
  }

  @Override
  public void rename(Digest blob, Digest other) throws IOException {
    boolean ordered = blob.compareTo(other) < 0;
    try (NamedLocks<Digest>.Held first = locks.lock(ordered ? blob : other);
        NamedLocks<Digest>.Held second = locks.lock(ordered ? other : blob)) {
      Long size = sizes.get(blob);
      if (size == null) {
        throw new BlobNotFoundException(blob);
      }
      if (sizes.containsKey(other)) {
        throw new IOException(directory.root() + " holds " + other + " already");
      }
      boolean renamed = directory.rename(blob, other);
      recent.unpin(directory.pathOf(blob));
      if (!renamed) {
        sizes.remove(blob);
        budget.give(size);
        throw new BlobNotFoundException(blob);
      }
      sizes.put(other, size);
      sizes.remove(blob);
      directory.forceNames();
    }
  }

  @Override
  public Usage usage() {
    return new Usage(sizes.size(), budget.used(), budget.capacity());
  }

  @Override
  public void close() throws IOException {
    // every blob's file is opened for one reader or writer and closed with it
    try (lock) {
      recent.close();
      pinned.close();
    }
  }

  BlobDirectory directory() {
    return directory;
  }

  Budget budget() {
    return budget;
  }

  /**
   * Names a written file whose bytes are durable.
   *
   * @return false if the tier holds the blob already
   */
  boolean publish(Path written, Digest name, long size) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      if (sizes.containsKey(name)) {
        return false;
      }
      directory.publish(written, name);
      sizes.put(name, size);
      return true;
    }
  }
}
