package io.github.ndocker.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** An open file of a layout or an archive; closing it closes the stream. */
record SizedStream(InputStream bytes, long size) implements Closeable {
  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
