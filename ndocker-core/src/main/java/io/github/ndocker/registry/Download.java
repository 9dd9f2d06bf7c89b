package io.github.ndocker.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Reads small bodies, never further than they may reach. */
final class Download {
  /** For all of it: nothing small needs longer, however it trickles. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Download() {}

  /** A whole body in memory, at most {@code limit} bytes of it. */
  static byte[] small(
      ResponseBody body, int limit, RegistryOptions options, Cancellation cancellation)
      throws IOException {
    long begin = System.nanoTime();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Optional<ByteBuffer> next = body.next(options, cancellation);
        next.isPresent();
        next = body.next(options, cancellation)) {
      ByteBuffer buffer = next.get();
      if (bytes.size() + buffer.remaining() > limit) {
        throw new AnswerTooLargeException(cancellation.registry(), cancellation.action(), limit);
      }
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new RegistryException(
            cancellation.registry(),
            cancellation.action(),
            "the answer is not there after " + PATIENCE.toSeconds() + " s");
      }
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.write(part, 0, part.length);
    }
    return bytes.toByteArray();
  }
}
