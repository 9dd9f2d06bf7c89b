package io.github.ndocker.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A sink that takes nothing. */
record FailingChannel(IOException failure) implements WritableByteChannel {
  @Override
  public int write(ByteBuffer source) throws IOException {
    throw failure;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
