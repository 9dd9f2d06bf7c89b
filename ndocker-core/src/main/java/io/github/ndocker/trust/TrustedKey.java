package io.github.ndocker.trust;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A public key whose signatures count: ECDSA on P-256, Ed25519, or RSA of 2,048 to 8,192 bits (PKCS
 * #1 1.5), each with SHA-256 where a hash is taken. Immutable. Two are equal if the key is the
 * same, wherever it came from.
 */
public final class TrustedKey {
  private final String source;
  private final KeyAlgorithm algorithm;
  private final PublicKey key;
  private final Digest fingerprint;

  private TrustedKey(String source, KeyAlgorithm algorithm, PublicKey key, Digest fingerprint) {
    this.source = source;
    this.algorithm = algorithm;
    this.key = key;
    this.fingerprint = fingerprint;
  }

  /**
   * Reads a key from a file.
   *
   * @param file one public key in PEM, as cosign writes {@code cosign.pub}
   * @return the key
   * @throws MalformedKeyException if the file is not there, has no such key or more than one, or
   *     the key is too weak
   * @throws IOException if it cannot be read
   */
  public static TrustedKey of(Path file) throws IOException {
    return ofPem(file.toString(), KeyFile.read(file));
  }

  /**
   * Reads a key from a text.
   *
   * @param source where the text came from, for messages
   * @param pem one public key in PEM
   * @return the key
   * @throws MalformedKeyException if the text has no such key or more than one, or the key is too
   *     weak
   */
  public static TrustedKey ofPem(String source, String pem) throws MalformedKeyException {
    byte[] encoded = KeyFile.decode(source, pem);
    KeyAlgorithm algorithm;
    PublicKey key;
    try {
      SubjectPublicKeyInfo declared =
          SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(encoded));
      algorithm =
          KeyAlgorithm.of(declared.getAlgorithm())
              .orElseThrow(
                  () ->
                      new MalformedKeyException(
                          source, "its key is neither ECDSA on P-256, nor Ed25519, nor RSA"));
      key = algorithm.key(encoded);
    } catch (MalformedKeyException e) {
      throw e;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // the parser has unchecked exceptions of many kinds, and quotes what it does not understand
      throw new MalformedKeyException(source, "its public key is not well-formed");
    }
    String weakness = KeyAlgorithm.weakness(key).orElse("");
    if (!weakness.isEmpty()) {
      throw new MalformedKeyException(source, weakness);
    }
    return new TrustedKey(source, algorithm, key, sha256(encoded));
  }

  static Digest sha256(byte[] bytes) {
    try {
      return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  boolean verifies(byte[] message, byte[] signature) {
    return algorithm.verifies(key, message, signature);
  }

  /**
   * What tells this key from others, as {@code openssl} and other tools print it.
   *
   * @return the hash of the encoded key ({@code SubjectPublicKeyInfo})
   */
  public Digest fingerprint() {
    return fingerprint;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrustedKey one && fingerprint.equals(one.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  /** Returns where the key came from, and its kind. */
  @Override
  public String toString() {
    return source + " (" + algorithm + ")";
  }
}
