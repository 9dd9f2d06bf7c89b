package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Reads small bodies, never further than they may reach, and checks what was read. */
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

  /** Checks bytes that are in memory already. */
  static void check(String subject, Digest expected, byte[] bytes) throws DigestMismatchException {
    MessageDigest hash = hash(expected);
    hash.update(bytes);
    check(subject, expected, hash);
  }

  /** Checks what has been hashed. */
  static void check(String subject, Digest expected, MessageDigest hash)
      throws DigestMismatchException {
    Digest found = new Digest(expected.algorithm(), HexFormat.of().formatHex(hash.digest()));
    if (!found.equals(expected)) {
      throw new DigestMismatchException(subject, expected, found);
    }
  }

  static MessageDigest hash(Digest digest) {
    try {
      return MessageDigest.getInstance(digest.javaAlgorithm());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-2", e);
    }
  }
}
