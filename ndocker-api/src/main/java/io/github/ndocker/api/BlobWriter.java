package io.github.ndocker.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes one blob, front to back. Nothing of it is visible before {@code commit}; a writer that is
 * closed without commit leaves nothing. For one thread at a time. Closing twice is harmless.
 */
public interface BlobWriter extends Closeable {
  /**
   * Appends all remaining bytes.
   *
   * @param source the bytes; its position moves to its limit
   * @throws TierFullException if the tier's budget or medium is exhausted
   * @throws IOException if the medium fails
   */
  void write(ByteBuffer source) throws IOException;

  /**
   * Makes the blob durable (as far as its tier survives a power cut) and then visible, under the
   * digest of its bytes.
   *
   * @return the SHA-256 digest of what was written
   * @throws IOException if the medium fails; the blob is discarded then
   */
  Digest commit() throws IOException;

  /**
   * As {@link #commit()}, if what was written is what was expected.
   *
   * @param expected the SHA-256 digest the bytes must have
   * @throws DigestMismatchException if they have another one; the blob is discarded then
   * @throws IOException if the medium fails; the blob is discarded then
   */
  void commit(Digest expected) throws IOException;
}
