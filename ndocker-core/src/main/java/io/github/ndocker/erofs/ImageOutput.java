package io.github.ndocker.erofs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;

/** Writes an image front to back through a small buffer, and hashes it on the way. */
final class ImageOutput {
  private final WritableByteChannel channel;
  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
  private long flushed;

  /** An output whose first byte is at {@code position} of the image. */
  ImageOutput(WritableByteChannel channel, MessageDigest digest, long position) {
    this.channel = channel;
    this.digest = digest;
    this.flushed = position;
  }

  long position() {
    return flushed + buffer.position();
  }

  /** A little-endian buffer to put up to {@code bytes} into, at most 64 KiB. */
  ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  void write(byte[] bytes) throws IOException {
    for (int from = 0; from < bytes.length; ) {
      int part = Math.min(bytes.length - from, 1 << 16);
      room(part).put(bytes, from, part);
      from += part;
    }
  }

  void zerosUntil(long position) throws IOException {
    if (position < position()) {
      throw new IllegalStateException("already at " + position() + ", after " + position);
    }
    while (position() < position) {
      int part = (int) Math.min(position - position(), 1 << 12);
      room(part).put(new byte[part]);
    }
  }

  void flush() throws IOException {
    buffer.flip();
    digest.update(buffer.duplicate());
    flushed += buffer.remaining();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
