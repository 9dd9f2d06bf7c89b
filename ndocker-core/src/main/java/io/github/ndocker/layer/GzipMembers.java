package io.github.ndocker.layer;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads gzip with any number of members (RFC 1952, 2.2).
 *
 * <p>Not {@link java.util.zip.GZIPInputStream}: where its source has nothing available at the
 * moment, or something follows that is no member, that one reports the end and the rest is lost.
 */
final class GzipMembers extends BlockInputStream {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream source;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] input = new byte[1 << 16];
  private int inputAt;
  private int inputEnd;
  private boolean ended;
  private boolean closed;

  GzipMembers(InputStream source) throws IOException {
    this.source = source;
    beginMember(next());
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (closed) {
      throw new IOException("the layer's stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    try {
      while (!ended) {
        int count = inflater.inflate(target, from, length);
        if (count > 0) {
          crc.update(target, from, count);
          return count;
        }
        if (inflater.finished()) {
          endMember();
        } else if (inflater.needsDictionary()) {
          throw new MalformedLayerException("the gzip stream wants a dictionary");
        } else {
          fill();
          inflater.setInput(input, inputAt, inputEnd - inputAt);
          inputAt = inputEnd;
        }
      }
      return -1;
    } catch (DataFormatException e) {
      throw new MalformedLayerException("the gzip stream is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    inflater.end();
    source.close();
  }

  private void endMember() throws IOException {
    inputAt = inputEnd - inflater.getRemaining();
    long expectedCrc = fourBytes();
    long expectedSize = fourBytes();
    if (expectedCrc != crc.getValue()
        || expectedSize != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new MalformedLayerException("the gzip stream fails its own checksum");
    }
    int first = nextOrEnd();
    if (first < 0) {
      ended = true;
    } else {
      beginMember(first);
    }
  }

  private void beginMember(int first) throws IOException {
    if (first != 0x1f || next() != 0x8b || next() != 8) {
      throw new MalformedLayerException("what follows in the gzip stream is no gzip member");
    }
    int flags = next();
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
    crc.reset();
    inflater.reset();
    inflater.setInput(input, inputAt, inputEnd - inputAt);
    inputAt = inputEnd;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int unused = next();
    }
  }

  private void skipText() throws IOException {
    int octet = next();
    while (octet != 0) {
      octet = next();
    }
  }

  private long fourBytes() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    int octet = nextOrEnd();
    if (octet < 0) {
      throw new MalformedLayerException("the gzip stream ends too early");
    }
    return octet;
  }

  private int nextOrEnd() throws IOException {
    if (inputAt == inputEnd && !refill()) {
      return -1;
    }
    return input[inputAt++] & 0xff;
  }

  private void fill() throws IOException {
    if (!refill()) {
      throw new MalformedLayerException("the gzip stream ends too early");
    }
  }

  private boolean refill() throws IOException {
    inputAt = 0;
    inputEnd = Math.max(0, source.read(input, 0, input.length));
    return inputEnd > 0;
  }
}
