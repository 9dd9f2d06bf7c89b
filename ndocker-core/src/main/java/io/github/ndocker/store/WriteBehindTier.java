package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Another tier, written to by one thread behind the callers': a write returns when its bytes are in
 * memory, and waits only if too many are already. The medium gets large writes, one after the
 * other, and is made to keep them as they come, so that little is left to do when a blob is
 * committed.
 *
 * <p>A failure of the medium is thrown by the next write of the same blob, or by its commit.
 * Commits are as durable as those of the other tier. Thread-safe.
 */
public final class WriteBehindTier implements BlobTier {
  private final BlobTier tier;
  private final WriteBehind behind;

  /**
   * A tier in front of another.
   *
   * @param tier the other tier, closed with this one
   * @param memoryBytes what may wait at most, outside of the Java heap; at least a mebibyte
   */
  public WriteBehindTier(BlobTier tier, long memoryBytes) {
    this.tier = tier;
    this.behind = new WriteBehind(memoryBytes);
  }

  /**
   * What was written and is not durable yet.
   *
   * @return bytes
   */
  public long backlogBytes() {
    return behind.backlogBytes();
  }

  /**
   * The rate at which the medium made bytes durable while it had more to write than it could, over
   * about the last second of such work.
   *
   * @return bytes a second; 0 if it never had
   */
  public double bytesPerSecond() {
    return behind.bytesPerSecond();
  }

  @Override
  public TierDescription description() {
    return tier.description();
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    return new WriteBehindWriter(behind, tier.write(expectedBytes));
  }

  @Override
  public Map<Digest, Long> blobs() {
    return tier.blobs();
  }

  @Override
  public List<Extent> locate(Digest blob) {
    return tier.locate(blob);
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    return tier.read(blob);
  }

  @Override
  public void mounted(Digest blob) {
    tier.mounted(blob);
  }

  @Override
  public void delete(Digest blob) throws IOException {
    tier.delete(blob);
  }

  @Override
  public void deleteAll(Set<Digest> blobs) throws IOException {
    tier.deleteAll(blobs);
  }

  @Override
  public void rename(Digest blob, Digest other) throws IOException {
    tier.rename(blob, other);
  }

  @Override
  public Usage usage() {
    return tier.usage();
  }

  @Override
  public void close() throws IOException {
    behind.close();
    tier.close();
  }
}
