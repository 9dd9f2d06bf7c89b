package io.github.ndocker.llpl;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A tier that is one LLPL heap in a pool file. Every blob is one memory block, contiguous in the
 * file and aligned to a page, so that the kernel can read it there.
 *
 * <p>The heap stays mapped until the JVM exits, and no other process can open it so long; in this
 * process it can be opened again after {@link #close}. Only sha256 names are stored.
 */
public final class LlplTier implements BlobTier {
  private final PoolFile pool;
  private final PoolMedium medium;
  private final PoolDirectory directory;
  private final ConcurrentHashMap<Digest, CommittedBlob> blobs;
  private volatile boolean closed;

  private LlplTier(
      PoolFile pool, PoolMedium medium, PoolDirectory directory, Map<Digest, CommittedBlob> blobs) {
    this.pool = pool;
    this.medium = medium;
    this.directory = directory;
    this.blobs = new ConcurrentHashMap<>(blobs);
  }

  /**
   * Opens a pool, or creates it. What was being written when it was last open is discarded.
   *
   * @param pool the pool file; it and its directory are created if missing, for the owner alone
   * @param capacityBytes the budget; a pool never offers more than it was created for
   * @return the tier, to be closed by the caller
   * @throws PersistentMemoryUnavailableException if the libraries of the host are missing
   * @throws PoolInUseException if the pool is open, here or in another process
   * @throws DamagedPoolException if the file is not a pool, or a damaged one
   * @throws io.github.ndocker.api.TierFullException if there is no room for the pool
   * @throws IOException if the medium fails
   * @throws IllegalArgumentException if the budget is negative
   */
  public static LlplTier open(Path pool, long capacityBytes) throws IOException {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("a budget of " + capacityBytes + " bytes");
    }
    PoolFile file = PoolFile.open(pool, capacityBytes);
    boolean opened = false;
    try {
      Map<Digest, CommittedBlob> committed = new HashMap<>();
      PoolDirectory directory =
          PoolDirectory.load(file.path(), file.heap(), capacityBytes, committed);
      LlplTier tier = new LlplTier(file, PoolMedium.of(file.path()), directory, committed);
      opened = true;
      return tier;
    } finally {
      if (!opened) {
        file.release();
      }
    }
  }

  @Override
  public TierDescription description() {
    return medium.describe(pool.path());
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    requireOpen();
    if (expectedBytes < 0) {
      throw new IllegalArgumentException("a blob of " + expectedBytes + " bytes");
    }
    return new LlplTierWriter(this, expectedBytes);
  }

  @Override
  public Map<Digest, Long> blobs() {
    return blobs.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                entry -> entry.getKey(), entry -> entry.getValue().length()));
  }

  @Override
  public List<Extent> locate(Digest blob) {
    CommittedBlob found = blobs.get(blob);
    return found == null
        ? List.of()
        : List.of(new Extent(pool.path(), found.block().fileOffset(), found.length()));
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    requireOpen();
    CommittedBlob found = blobs.get(blob);
    if (found == null) {
      throw new BlobNotFoundException(blob);
    }
    return new LlplBlobReader(found);
  }

  @Override
  public synchronized void delete(Digest blob) throws IOException {
    requireOpen();
    CommittedBlob found = blobs.remove(blob);
    if (found != null) {
      directory.free(found.block());
    }
  }

  @Override
  public synchronized void rename(Digest blob, Digest other) throws IOException {
    requireOpen();
    CommittedBlob found = blobs.get(blob);
    if (found == null) {
      throw new BlobNotFoundException(blob);
    }
    if (blobs.containsKey(other)) {
      throw new IOException(pool.path() + " holds " + other + " already");
    }
    directory.commit(found.block(), found.length(), other);
    blobs.put(other, found);
    blobs.remove(blob);
  }

  @Override
  public Usage usage() {
    return new Usage(blobs.size(), directory.used(), directory.capacity());
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      pool.release();
    }
  }

  PoolDirectory directory() {
    return directory;
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the tier " + pool.path() + " is closed");
    }
  }

  /**
   * Makes a written blob durable and then visible.
   *
   * @return false if the tier holds the blob already
   */
  boolean publish(BlobBlock block, long length, Digest name) throws IOException {
    if (!name.algorithm().equals("sha256")) {
      throw new IllegalArgumentException("the pool stores sha256 names only, not " + name);
    }
    if (medium.needsSync() && !blobs.containsKey(name)) {
      // LLPL's own flush empties the CPU's caches, which is not enough for a page cache
      PoolFile.sync(pool.path());
    }
    synchronized (this) {
      requireOpen();
      if (blobs.containsKey(name)) {
        return false;
      }
      directory.commit(block, length, name);
      blobs.put(name, new CommittedBlob(block, length));
      return true;
    }
  }
}
