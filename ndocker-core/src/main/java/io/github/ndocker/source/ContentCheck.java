package io.github.ndocker.source;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Compares bytes with the digest they were named by. */
public final class ContentCheck {
  private ContentCheck() {}

  /**
   * Begins to hash.
   *
   * @param digest what the bytes will be compared with
   * @return the hash of its algorithm, of nothing so far
   */
  public static MessageDigest hash(Digest digest) {
    try {
      return MessageDigest.getInstance(digest.javaAlgorithm());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-2", e);
    }
  }

  /**
   * Checks bytes that are in memory.
   *
   * @param subject what they are, for the message
   * @param expected the digest they should have
   * @param bytes the bytes
   * @throws DigestMismatchException if they have another one
   */
  public static void check(String subject, Digest expected, byte[] bytes)
      throws DigestMismatchException {
    MessageDigest hash = hash(expected);
    hash.update(bytes);
    check(subject, expected, hash);
  }

  /**
   * Checks what has been hashed.
   *
   * @param subject what was hashed, for the message
   * @param expected the digest it should have
   * @param hash of {@link #hash}, after all bytes
   * @throws DigestMismatchException if it is another one
   */
  public static void check(String subject, Digest expected, MessageDigest hash)
      throws DigestMismatchException {
    Digest found = new Digest(expected.algorithm(), HexFormat.of().formatHex(hash.digest()));
    if (!found.equals(expected)) {
      throw new DigestMismatchException(subject, expected, found);
    }
  }

  static boolean matches(Digest expected, byte[] bytes) {
    return HexFormat.of().formatHex(hash(expected).digest(bytes)).equals(expected.hex());
  }
}
