package io.github.ndocker.trust;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** The kinds of keys that are accepted, and how one of them verifies. */
enum KeyAlgorithm {
  /** RFC 5480; cosign's own choice. */
  ECDSA_P256("1.2.840.10045.2.1", "EC", "SHA256withECDSA"),

  /** RFC 8410, over the message itself, not over a hash of it. */
  ED25519("1.3.101.112", "Ed25519", "Ed25519"),

  /** RFC 8017: PKCS #1 1.5. */
  RSA("1.2.840.113549.1.1.1", "RSA", "SHA256withRSA");

  /** Below that NIST (SP 800-57, part 1) and sigstore accept no signature. */
  static final int MIN_RSA_BITS = 2_048;

  /** What is longer verifies so slowly that it is meant to. */
  static final int MAX_RSA_BITS = 8_192;

  private static final ASN1ObjectIdentifier P256 = new ASN1ObjectIdentifier("1.2.840.10045.3.1.7");

  /** Not registered with the platform: what else runs in the process keeps its providers. */
  private static final Provider PROVIDER = new BouncyCastleProvider();

  private final String identifier;
  private final String keys;
  private final String signatures;

  KeyAlgorithm(String identifier, String keys, String signatures) {
    this.identifier = identifier;
    this.keys = keys;
    this.signatures = signatures;
  }

  /** The kind of a key, if it is one of these. */
  static Optional<KeyAlgorithm> of(AlgorithmIdentifier declared) {
    return Arrays.stream(values())
        .filter(one -> one.identifier.equals(declared.getAlgorithm().getId()))
        .filter(one -> one != ECDSA_P256 || isP256(declared.getParameters()))
        .findFirst();
  }

  /** By name: a curve that is spelled out may be any curve. */
  private static boolean isP256(ASN1Encodable parameters) {
    return P256.equals(parameters);
  }

  /** Reads a key of this kind. */
  PublicKey key(byte[] encoded) throws GeneralSecurityException {
    return KeyFactory.getInstance(keys, PROVIDER).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** Why a key of this kind is not good enough; empty if it is. */
  static Optional<String> weakness(PublicKey key) {
    if (!(key instanceof RSAPublicKey rsa)) {
      return Optional.empty();
    }
    int bits = rsa.getModulus().bitLength();
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS
        ? Optional.empty()
        : Optional.of(
            "an RSA key of "
                + bits
                + " bits; between "
                + MIN_RSA_BITS
                + " and "
                + MAX_RSA_BITS
                + " are accepted");
  }

  /** Whether the signature is the key's; one that is malformed is not. */
  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(signatures, PROVIDER);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false;
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("the key was read by the same provider", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider has " + signatures, e);
    }
  }
}
