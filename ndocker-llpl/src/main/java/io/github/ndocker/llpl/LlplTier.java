package io.github.ndocker.llpl;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tier in LLPL heaps: a directory of pool files, each with a directory of its blobs inside. A
 * blob lies in whole pages of the files, in one range where there is room for that, so that the
 * kernel can read it there.
 *
 * <p>A pool whose file could not be synced takes no more blobs until it is opened again, because
 * the kernel forgets what it could not write; the tier is that much smaller so long.
 *
 * <p>The pools stay mapped until the JVM exits, and no other process can open the tier so long; in
 * this process it can be opened again after {@link #close}. Only sha256 names are stored.
 */
public final class LlplTier implements BlobTier {
  private static final Logger LOG = LoggerFactory.getLogger(LlplTier.class);

  // a transaction keeps what it changes in a log of a few KiB, or else allocates one in the heap
  private static final int SLOTS_TOGETHER = 16;

  private final TierDirectory directory;
  private final TierLock lock;
  private final PoolSet pools;
  private final PoolMedium medium;
  private final Arenas arenas;
  private final FreePages free;
  private final Map<Digest, StoredBlob> blobs;
  private volatile boolean closed;

  private LlplTier(
      TierDirectory directory, TierLock lock, PoolSet pools, PoolMedium medium, long budget)
      throws IOException {
    this.directory = directory;
    this.lock = lock;
    this.pools = pools;
    this.medium = medium;
    this.arenas = new Arenas(pools.pools());
    this.free =
        new FreePages(
            directory.path().toString(), Math.min(budget, pools.bytes()), arenas.ranges());
    this.blobs = new ConcurrentHashMap<>(StoredBlobs.load(pools.pools(), arenas));
    blobs.values().forEach(blob -> free.claim(blob.ranges()));
  }

  /**
   * Opens a tier, or creates it. What was being written when it was last open is discarded. If the
   * pools have not room for the budget, one is added, which fills so many bytes of the medium with
   * zeros. A damaged pool is set aside, with a warning in the log and without its blobs; if there
   * is no room for another one, the tier opens with what is left.
   *
   * @param directory the directory of pools; it and the pools are created if missing, for the owner
   *     alone
   * @param capacityBytes the budget
   * @return the tier, to be closed by the caller
   * @throws PersistentMemoryUnavailableException if the libraries of the host are missing
   * @throws PoolInUseException if the tier is open, here or in another process
   * @throws UnsupportedPoolException if something of another version of this library is there
   * @throws io.github.ndocker.api.TierFullException if there is no room for the first pool
   * @throws IOException if the medium fails
   * @throws IllegalArgumentException if the budget is negative
   */
  public static LlplTier open(Path directory, long capacityBytes) throws IOException {
    return open(directory, capacityBytes, PoolCreation.MOST_ARENA_PAGES);
  }

  static LlplTier open(Path directory, long capacityBytes, long mostArenaPages) throws IOException {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("a budget of " + capacityBytes + " bytes");
    }
    LlplLibrary.load();
    TierDirectory found = TierDirectory.of(directory);
    TierLock lock = TierLock.acquire(found.path());
    boolean opened = false;
    try {
      found.discardHalfCreated();
      PoolSet pools = PoolSet.open(found, capacityBytes, mostArenaPages);
      LlplTier tier = new LlplTier(found, lock, pools, PoolMedium.of(found.path()), capacityBytes);
      opened = true;
      return tier;
    } finally {
      if (!opened) {
        lock.release();
      }
    }
  }

  /**
   * The damaged pools that were set aside when this tier was opened. Nothing reads them any more;
   * they may be deleted.
   *
   * @return their files
   */
  public List<Path> setAside() {
    return pools.setAside();
  }

  @Override
  public TierDescription description() {
    return medium.describe(directory.path());
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    requireOpen();
    if (expectedBytes < 0) {
      throw new IllegalArgumentException("a blob of " + expectedBytes + " bytes");
    }
    List<PageRange> ranges = new ArrayList<>();
    free.allocate(ranges, expectedBytes);
    return new LlplTierWriter(this, ranges);
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
    StoredBlob found = blobs.get(blob);
    if (found == null) {
      return List.of();
    }
    List<Extent> extents = new ArrayList<>();
    long left = found.length();
    for (PageRange range : found.ranges()) {
      long length = Math.min(left, range.bytes());
      extents.add(arenas.locate(range, length));
      left -= length;
    }
    return extents.isEmpty() ? List.of(new Extent(found.home().path(), 0, 0)) : extents;
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    requireOpen();
    return new LlplBlobReader(arenas, find(blob));
  }

  @Override
  public void delete(Digest blob) throws IOException {
    deleteAll(Set.of(blob));
  }

  @Override
  public synchronized void deleteAll(Set<Digest> names) throws IOException {
    requireOpen();
    for (Pool home : pools.pools()) {
      List<Digest> together = new ArrayList<>();
      List<Integer> slots = new ArrayList<>();
      for (Digest name : names) {
        StoredBlob found = blobs.get(name);
        if (found != null && found.home() == home) {
          together.add(name);
          slots.addAll(found.slots());
        }
        if (slots.size() >= SLOTS_TOGETHER) {
          forget(home, together, slots);
        }
      }
      forget(home, together, slots);
    }
  }

  /** Deletes blobs of one pool in one transaction, and empties the lists. */
  private void forget(Pool home, List<Digest> together, List<Integer> slots) throws IOException {
    home.directory().clear(slots);
    for (Digest name : together) {
      StoredBlob found = blobs.remove(name);
      if (found != null) {
        free.free(found.ranges());
      }
    }
    together.clear();
    slots.clear();
  }

  @Override
  public synchronized void rename(Digest blob, Digest other) throws IOException {
    requireOpen();
    requireSha256(other);
    StoredBlob found = find(blob);
    if (blobs.containsKey(other)) {
      throw new IOException(directory.path() + " holds " + other + " already");
    }
    found
        .home()
        .directory()
        .replace(
            found.slots(), arenas.recordsOf(other, found.length(), found.ranges(), found.home()));
    blobs.put(other, found);
    blobs.remove(blob);
  }

  @Override
  public Usage usage() {
    return new Usage(blobs.size(), free.usedBytes(), free.capacityBytes());
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        for (Pool pool : pools.pools()) {
          pool.close();
        }
      } finally {
        lock.release();
      }
    }
  }

  Arenas arenas() {
    return arenas;
  }

  FreePages free() {
    return free;
  }

  PoolMedium medium() {
    return medium;
  }

  void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the tier " + directory.path() + " is closed");
    }
  }

  private StoredBlob find(Digest blob) throws BlobNotFoundException {
    StoredBlob found = blobs.get(blob);
    if (found == null) {
      throw new BlobNotFoundException(blob);
    }
    return found;
  }

  private static void requireSha256(Digest name) {
    if (!name.algorithm().equals("sha256")) {
      throw new IllegalArgumentException("the pool stores sha256 names only, not " + name);
    }
  }

  /**
   * Makes a written blob durable and then visible.
   *
   * @return false if the tier holds the blob already
   */
  boolean publish(List<PageRange> ranges, long length, Digest name) throws IOException {
    requireSha256(name);
    if (!blobs.containsKey(name)) {
      makeDurable(ranges);
    }
    synchronized (this) {
      requireOpen();
      if (blobs.containsKey(name)) {
        return false;
      }
      Pool home = homeFor(ranges);
      List<Integer> slots = home.directory().add(arenas.recordsOf(name, length, ranges, home));
      blobs.put(name, new StoredBlob(length, ranges, home, slots));
      return true;
    }
  }

  /** Syncs what was written, where the flush of a CPU does not reach the medium. */
  void makeDurable(List<PageRange> ranges) throws IOException {
    if (medium.needsSync()) {
      for (Pool pool : arenas.poolsOf(ranges)) {
        sync(pool);
      }
    }
  }

  private void sync(Pool pool) throws IOException {
    try {
      pool.sync();
    } catch (IOException e) {
      // what is there stays, and can be read and deleted
      LOG.warn("{} takes no more blobs until it is opened again", pool.path(), e);
      free.withdraw(arenas.rangesOf(pool));
      throw e;
    }
  }

  /** A pool whose directory has room, if possible one that the blob is in. */
  private Pool homeFor(List<PageRange> ranges) throws IOException {
    int records = Math.max(1, ranges.size());
    List<Pool> candidates = new ArrayList<>(arenas.poolsOf(ranges));
    candidates.addAll(pools.pools());
    for (Pool pool : candidates) {
      if (pool.directory().hasRoomFor(records)) {
        return pool;
      }
    }
    throw free.full((long) records * BlobRecord.BYTES);
  }
}
