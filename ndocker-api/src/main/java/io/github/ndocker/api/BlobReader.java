package io.github.ndocker.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Positional reads of one committed blob. Thread-safe. Closing twice is harmless. */
public interface BlobReader extends Closeable {
  /**
   * The size of the blob.
   *
   * @return bytes
   */
  long size();

  /**
   * Reads until the buffer is full or the blob ends.
   *
   * @param destination receives the bytes
   * @param position offset of the first byte in the blob
   * @return the number of bytes read; 0 if the position is at the end of the blob or past it
   * @throws IOException if the medium fails
   */
  int read(ByteBuffer destination, long position) throws IOException;
}
