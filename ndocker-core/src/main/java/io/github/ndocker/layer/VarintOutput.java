package io.github.ndocker.layer;

import java.io.IOException;
import java.io.OutputStream;

/** Writes numbers as LEB128: seven bits a byte, the lowest first. */
final class VarintOutput {
  private final OutputStream out;

  VarintOutput(OutputStream out) {
    this.out = out;
  }

  void writeUnsigned(long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Zigzag, so that small negative numbers are short. */
  void writeSigned(long value) throws IOException {
    writeUnsigned((value << 1) ^ (value >> 63));
  }

  void writeBytes(ByteString bytes) throws IOException {
    writeUnsigned(bytes.length());
    bytes.writeTo(out);
  }
}
