package io.github.ndocker.layer;

import java.io.IOException;
import java.io.InputStream;

/** Reads what {@link VarintOutput} wrote, and believes nothing. */
final class VarintInput {
  private final InputStream in;

  VarintInput(InputStream in) {
    this.in = in;
  }

  long readUnsigned(long max) throws IOException {
    long value = readRaw();
    if (value < 0 || value > max) {
      throw new MalformedLayerException(
          "the layer index has the number "
              + Long.toUnsignedString(value)
              + " where at most "
              + max
              + " is possible");
    }
    return value;
  }

  long readSigned() throws IOException {
    long value = readRaw();
    return (value >>> 1) ^ -(value & 1);
  }

  ByteString readCounted(int max) throws IOException {
    return readBytes((int) readUnsigned(max));
  }

  ByteString readBytes(int count) throws IOException {
    // grows with what is there, not with what was announced
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw tooShort();
    }
    return ByteString.wrap(bytes);
  }

  private long readRaw() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int octet = in.read();
      if (octet < 0) {
        throw tooShort();
      }
      value |= (octet & 0x7fL) << shift;
      if ((octet & 0x80) == 0) {
        return value;
      }
    }
    throw new MalformedLayerException("the layer index has a number of more than 64 bits");
  }

  private static MalformedLayerException tooShort() {
    return new MalformedLayerException("the layer index ends too early");
  }
}
