package io.github.ndocker.api;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

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
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

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
          case "sha256" -> SHA256.matcher(hex).matches();
          case "sha512" -> SHA512.matcher(hex).matches();
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
    return new Digest("sha256", hexOf(hash));
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
    return toString().compareTo(other.toString());
  }

  /** Returns {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }

  static String hexOf(byte[] hash) {
    StringBuilder hex = new StringBuilder(hash.length * 2);
    for (byte octet : hash) {
      hex.append(String.format(Locale.ROOT, "%02x", octet & 0xff));
    }
    return hex.toString();
  }

  private static String abbreviate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
