package io.github.ndocker.llpl;

import io.github.ndocker.api.BlobReader;
import java.nio.ByteBuffer;

/** Copies bytes of a blob out of the heap. */
final class LlplBlobReader implements BlobReader {
  private final Arenas arenas;
  private final StoredBlob blob;

  LlplBlobReader(Arenas arenas, StoredBlob blob) {
    this.arenas = arenas;
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
    int left = count;
    long from = position;
    for (PageRange range : blob.ranges()) {
      if (from < range.bytes()) {
        int length = (int) Math.min(left, range.bytes() - from);
        arenas.get(range, from, destination, length);
        left -= length;
        from += length;
      }
      from -= range.bytes();
    }
    return count;
  }

  @Override
  public void close() {
    // nothing is open: the heap stays mapped
  }
}
