package io.github.ndocker.llpl;

import io.github.ndocker.api.BlobReader;
import java.nio.ByteBuffer;

/** Copies bytes of a blob out of the heap. */
final class LlplBlobReader implements BlobReader {
  private static final int CHUNK = 256 << 10;

  private final CommittedBlob blob;

  LlplBlobReader(CommittedBlob blob) {
    this.blob = blob;
  }

  @Override
  public long size() {
    return blob.length();
  }

  @Override
  public int read(ByteBuffer destination, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position " + position);
    }
    if (position >= blob.length()) {
      return 0;
    }
    int count = (int) Math.min(destination.remaining(), blob.length() - position);
    if (destination.hasArray()) {
      int index = destination.arrayOffset() + destination.position();
      blob.block().get(position, destination.array(), index, count);
      destination.position(destination.position() + count);
    } else {
      byte[] chunk = new byte[Math.min(count, CHUNK)];
      for (int done = 0; done < count; done += chunk.length) {
        int length = Math.min(chunk.length, count - done);
        blob.block().get(position + done, chunk, 0, length);
        destination.put(chunk, 0, length);
      }
    }
    return count;
  }

  @Override
  public void close() {
    // nothing is open: the heap stays mapped
  }
}
