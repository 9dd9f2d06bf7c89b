package io.github.ndocker.api;

import java.util.HexFormat;
import java.util.Objects;

/**
 * A content digest, {@code algorithm:hex}, as the OCI image specification defines it ("Content
 * Descriptors", Digests).
 *
 * <p>Only the registered algorithms sha256 and sha512 are accepted, with lower-case hexadecimal of
 * the right length, so that the text of a digest is always safe as a file name. Immutable.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the hash, 64 or 128 lower-case hexadecimal digits
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
  /**
   * Checks the digest.
   *
   * @throws IllegalArgumentException if the algorithm is not registered or the hash is not
   *     well-formed
   */
  public Digest {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(hex, "hex");
    boolean wellFormed =
        switch (algorithm) {
          case "sha256" -> isLowerCaseHex(hex, 64);
          case "sha512" -> isLowerCaseHex(hex, 128);
          default -> false;
        };
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "not a sha256 or sha512 digest: " + abbreviate(algorithm) + ":" + abbreviate(hex));
    }
  }

  /**
   * Parses {@code algorithm:hex}.
   *
   * @param text the digest as manifests write it
   * @return the digest
   * @throws IllegalArgumentException if the text is not a digest of a registered algorithm
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a digest (no ':'): " + abbreviate(text));
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /**
   * The digest with this SHA-256 hash.
   *
   * @param hash 32 bytes
   * @return the digest
   */
  public static Digest sha256(byte[] hash) {
    return new Digest("sha256", HexFormat.of().formatHex(hash));
  }

  /**
   * The name of the algorithm as {@link java.security.MessageDigest} knows it.
   *
   * @return {@code SHA-256} or {@code SHA-512}
   */
  public String javaAlgorithm() {
    return algorithm.equals("sha256") ? "SHA-256" : "SHA-512";
  }

  @Override
  public int compareTo(Digest other) {
    int order = algorithm.compareTo(other.algorithm);
    return order != 0 ? order : hex.compareTo(other.hex);
  }

  /** Returns {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }

  /** By hand: a store that opens checks some ten thousand. */
  private static boolean isLowerCaseHex(String text, int digits) {
    if (text.length() != digits) {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      char digit = text.charAt(i);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static String abbreviate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
