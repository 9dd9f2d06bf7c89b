package io.github.ndocker.registry;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Tells failures of the caller's sink from those of the network: they are never tried again. */
record SinkGuard(WritableByteChannel sink) implements WritableByteChannel {
  @Override
  public int write(ByteBuffer source) throws SinkFailure {
    try {
      return sink.write(source);
    } catch (IOException e) {
      throw new SinkFailure(e);
    }
  }

  @Override
  public boolean isOpen() {
    return sink.isOpen();
  }

  /** Does nothing: the sink is the caller's. */
  @Override
  public void close() {}

  /** Carries the sink's own exception past the retries. */
  static final class SinkFailure extends NDockerException {
    private static final long serialVersionUID = 1L;
    private final IOException ofSink;

    SinkFailure(IOException ofSink) {
      super("the sink failed", ofSink);
      this.ofSink = ofSink;
    }

    IOException ofSink() {
      return ofSink;
    }
  }
}
