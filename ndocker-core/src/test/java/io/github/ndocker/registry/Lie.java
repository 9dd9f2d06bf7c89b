package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One way in which a registry may lie about an image of three layers, and how that ends.
 *
 * @param name a phrase, for the test report
 * @param refusedAs the exact exception
 * @param says a part of its message
 * @param script makes a registry that serves the image honestly tell the lie
 */
public record Lie(String name, Class<? extends IOException> refusedAs, String says, Script script) {
  /** Changes what a registry answers. */
  @FunctionalInterface
  public interface Script {
    void prepare(LyingRegistry registry, TinyImage image) throws IOException;
  }

  static Digest sha512(byte[] bytes) {
    try {
      return new Digest(
          "sha512", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
