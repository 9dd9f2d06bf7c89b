package io.github.ndocker.registry;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Collects a blob whose size is known and small. */
record MemorySink(ByteBuffer bytes) implements WritableByteChannel {
  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    bytes.put(source);
    return length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
