package io.github.ndocker.spi;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.FaultyMedium.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A tier in memory that fails as it is told to. It overwrites what is deleted at once, and loses in
 * a power cut what was not forced.
 */
public final class FaultyTier implements BlobTier {
  private final FaultyMedium medium;
  private final Faults faults;
  private final long capacity;
  private final AtomicLong beingWritten = new AtomicLong();
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();

  /**
   * Opens a medium; nothing is left on it of what was being written when it was last open.
   *
   * @param medium what it holds
   * @param capacity the budget, in bytes
   * @param faults what goes wrong
   */
  public FaultyTier(FaultyMedium medium, long capacity, Faults faults) {
    this.medium = medium;
    this.capacity = capacity;
    this.faults = faults;
  }

  @Override
  public TierDescription description() {
    return new TierDescription("memory that fails", Path.of("/"), true);
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    take(expectedBytes);
    return new FaultyWriter(this, medium.begin(), expectedBytes);
  }

  @Override
  public Map<Digest, Long> blobs() {
    return medium.named().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, blob -> (long) blob.getValue().length()));
  }

  @Override
  public List<Extent> locate(Digest blob) {
    Stored stored = medium.named().get(blob);
    return stored == null
        ? List.of()
        : List.of(new Extent(medium.show(stored), 0, stored.length()));
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    Stored stored = medium.named().get(blob);
    if (stored == null) {
      throw new BlobNotFoundException(blob);
    }
    return new BlobReader() {
      @Override
      public long size() {
        return stored.length();
      }

      @Override
      public int read(ByteBuffer destination, long position) {
        int count =
            (int) Math.max(0, Math.min(destination.remaining(), stored.length() - position));
        if (count > 0) {
          int begin = destination.position();
          destination.put(stored.bytes(), (int) position, count);
          if (reads.incrementAndGet() == faults.flippedRead()) {
            destination.put(begin, (byte) (destination.get(begin) ^ 1));
          }
        }
        return count;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(Digest blob) throws IOException {
    change(() -> medium.delete(blob));
  }

  @Override
  public void rename(Digest blob, Digest other) throws IOException {
    Map<Digest, Stored> named = medium.named();
    if (!named.containsKey(blob)) {
      throw new BlobNotFoundException(blob);
    }
    if (named.containsKey(other)) {
      throw new IOException("there is a blob " + other + " already");
    }
    change(() -> medium.rename(blob, other));
  }

  @Override
  public Usage usage() {
    Map<Digest, Stored> named = medium.named();
    long used = named.values().stream().mapToLong(Stored::length).sum();
    return new Usage(named.size(), used + beingWritten.get(), capacity);
  }

  @Override
  public void close() {}

  /** Something that is done to the medium, and may be the last thing before the power goes. */
  void change(Runnable effect) throws IOException {
    try {
      faults.power().step();
    } catch (PowerCutException e) {
      if (e.tookEffect()) {
        effect.run();
      }
      throw e;
    }
    effect.run();
  }

  void waitForMedium() {
    faults.slowness().run();
  }

  void force(Stored stored) throws IOException {
    if (forces.incrementAndGet() == faults.failedForce()) {
      throw new IOException("Input/output error");
    }
    change(faults.forgetful() ? () -> {} : stored::force);
  }

  void name(Digest name, Stored stored) throws IOException {
    change(() -> medium.name(name, stored));
  }

  void misused(String how) {
    medium.misused(how);
  }

  synchronized void take(long bytes) throws TierFullException {
    long free = Math.max(0, capacity - usage().usedBytes());
    if (bytes > free) {
      throw new TierFullException("memory that fails", bytes, free);
    }
    beingWritten.addAndGet(bytes);
  }

  synchronized void give(long bytes) {
    beingWritten.addAndGet(-bytes);
  }
}
