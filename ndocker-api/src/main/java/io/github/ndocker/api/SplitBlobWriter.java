package io.github.ndocker.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes one blob, front to back, whose pieces may go to different tiers. Nothing of it is visible
 * before {@code commit}; a writer that is closed without commit leaves nothing. For one thread at a
 * time. Closing twice is harmless.
 *
 * <p>What lies on one tier lies there in one piece, so that the kernel needs one device for it. The
 * tier may change at multiples of 512 bytes, where the kernel can begin an extent; within a file of
 * a layer that is to be mounted, only at multiples of 4,096 bytes from the file's begin.
 */
public interface SplitBlobWriter extends Closeable {
  /**
   * Appends all remaining bytes.
   *
   * @param tier where they go
   * @param source the bytes; its position moves to its limit
   * @throws IllegalArgumentException if the tier is another one than before, and the bytes so far
   *     are no multiple of 512
   * @throws TierFullException if that tier's budget or medium is exhausted; the blob is lost then
   * @throws IOException if the medium fails; the blob is lost then
   */
  void write(Tier tier, ByteBuffer source) throws IOException;

  /**
   * Makes the blob durable (as far as its tiers survive a power cut) and then visible, if what was
   * written is what was expected. Does nothing if the store holds it already.
   *
   * @param expected the SHA-256 digest the bytes must have
   * @throws DigestMismatchException if they have another one; the blob is discarded then
   * @throws IOException if a medium fails; the blob is discarded then
   */
  void commit(Digest expected) throws IOException;
}
