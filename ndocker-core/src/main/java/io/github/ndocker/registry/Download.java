package io.github.ndocker.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads small bodies, never further than they may reach. */
final class Download {
  private Download() {}

  /** A whole body in memory, at most {@code limit} bytes of it. */
  static byte[] small(
      ResponseBody body, int limit, RegistryOptions options, Cancellation cancellation)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Optional<ByteBuffer> next = body.next(options, cancellation);
        next.isPresent();
        next = body.next(options, cancellation)) {
      ByteBuffer buffer = next.get();
      if (bytes.size() + buffer.remaining() > limit) {
        throw new AnswerTooLargeException(cancellation.registry(), cancellation.action(), limit);
      }
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.write(part, 0, part.length);
    }
    return bytes.toByteArray();
  }
}
