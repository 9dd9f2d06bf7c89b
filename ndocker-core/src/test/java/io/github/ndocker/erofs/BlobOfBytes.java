package io.github.ndocker.erofs;

import io.github.ndocker.api.BlobReader;
import java.nio.ByteBuffer;

/** A blob in memory. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BlobOfBytes(byte[] bytes) implements BlobReader {
  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public int read(ByteBuffer destination, long position) {
    int count = (int) Math.max(0, Math.min(destination.remaining(), bytes.length - position));
    destination.put(bytes, (int) Math.min(position, bytes.length), count);
    return count;
  }

  @Override
  public void close() {
    // nothing is open
  }
}
