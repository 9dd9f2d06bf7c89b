package io.github.ndocker.layer;

import java.io.IOException;
import java.io.InputStream;

/** A stream that knows how to read many bytes; one alone is read as a block of one. */
public abstract class BlockInputStream extends InputStream {
  /** A stream at its begin. */
  protected BlockInputStream() {}

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] target, int from, int length) throws IOException;
}
