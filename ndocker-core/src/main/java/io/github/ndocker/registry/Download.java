package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.NDockerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads bodies, never further than they may reach. */
final class Download {
  private Download() {}

  /** A whole body in memory, at most {@code limit} bytes of it. */
  static byte[] small(
      ResponseBody body, int limit, RegistryOptions options, Cancellation cancellation)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Optional<ByteBuffer> next = body.next(options.stallTimeout(), cancellation);
        next.isPresent();
        next = body.next(options.stallTimeout(), cancellation)) {
      ByteBuffer buffer = next.get();
      if (bytes.size() + buffer.remaining() > limit) {
        throw new RegistryException(
            cancellation.registry(),
            cancellation.action(),
            "the answer has more than " + limit + " bytes");
      }
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.write(part, 0, part.length);
    }
    return bytes.toByteArray();
  }

  /**
   * Passes a blob on. Returns only if size and digest are right.
   *
   * @throws DigestMismatchException if the bytes are not those of the blob
   * @throws TruncatedBlobException if there are fewer
   */
  static void verified(
      ResponseBody body,
      Digest digest,
      long size,
      WritableByteChannel sink,
      LongConsumer arrivedBytes,
      RegistryOptions options,
      Cancellation cancellation)
      throws IOException {
    MessageDigest hash = hash(digest);
    long arrived = 0;
    while (true) {
      Optional<ByteBuffer> next = next(body, size, arrived, options, cancellation);
      if (next.isEmpty()) {
        break;
      }
      ByteBuffer buffer = next.get();
      arrived += buffer.remaining();
      if (arrived > size) {
        throw new RegistryException(
            cancellation.registry(),
            cancellation.action(),
            "more than the expected " + size + " bytes came; the registry is not to be trusted");
      }
      hash.update(buffer.duplicate());
      while (buffer.hasRemaining()) {
        sink.write(buffer);
      }
      arrivedBytes.accept(arrived);
    }
    if (arrived < size) {
      throw new TruncatedBlobException(
          cancellation.registry(), cancellation.action(), size, arrived);
    }
    check(cancellation.registry() + ": " + cancellation.action(), digest, hash);
  }

  /** Checks bytes that are in memory already. */
  static void check(String subject, Digest expected, byte[] bytes) throws DigestMismatchException {
    MessageDigest hash = hash(expected);
    hash.update(bytes);
    check(subject, expected, hash);
  }

  private static void check(String subject, Digest expected, MessageDigest hash)
      throws DigestMismatchException {
    Digest found = new Digest(expected.algorithm(), HexFormat.of().formatHex(hash.digest()));
    if (!found.equals(expected)) {
      throw new DigestMismatchException(subject, expected, found);
    }
  }

  private static Optional<ByteBuffer> next(
      ResponseBody body,
      long size,
      long arrived,
      RegistryOptions options,
      Cancellation cancellation)
      throws IOException {
    try {
      return body.next(options.stallTimeout(), cancellation);
    } catch (NDockerException e) {
      throw e;
    } catch (IOException e) {
      if (arrived == 0) {
        throw e; // nothing has been passed on, so it may be tried again
      }
      throw new TruncatedBlobException(
          cancellation.registry(), cancellation.action(), size, arrived, e);
    }
  }

  private static MessageDigest hash(Digest digest) {
    try {
      return MessageDigest.getInstance(digest.javaAlgorithm());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-2", e);
    }
  }
}
