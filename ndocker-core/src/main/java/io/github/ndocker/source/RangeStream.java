package io.github.ndocker.source;

import io.github.ndocker.layer.BlockInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Some bytes of a file that others read too: by position, so that none gets in another's way. */
final class RangeStream extends BlockInputStream {
  private final String name;
  private final FileChannel file;
  private final long end;
  private long position;

  RangeStream(String name, FileChannel file, long from, long length) {
    this.name = name;
    this.file = file;
    this.position = from;
    this.end = from + length;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (position == end) {
      return -1;
    }
    int wanted = (int) Math.min(length, end - position);
    int count = file.read(ByteBuffer.wrap(target, from, wanted), position);
    if (count < 0) {
      throw new MalformedSourceException(name, "has become shorter while it was read");
    }
    position += count;
    return count;
  }
}
