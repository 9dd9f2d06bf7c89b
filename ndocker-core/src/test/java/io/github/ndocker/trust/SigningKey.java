package io.github.ndocker.trust;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;

/** A key that signs, by the JDK's providers: another implementation than the one that verifies. */
public final class SigningKey {
  private static final byte[] NEWLINE = {'\n'};

  private final KeyPair pair;
  private final String signatures;

  private SigningKey(KeyPair pair, String signatures) {
    this.pair = pair;
    this.signatures = signatures;
  }

  /** The kind of key that cosign makes. */
  public static SigningKey ecdsa() throws GeneralSecurityException {
    return ecdsa("secp256r1");
  }

  /** One of each kind that is accepted. */
  public static List<SigningKey> ofEachKind() throws GeneralSecurityException {
    return List.of(ecdsa(), ed25519(), rsa(2_048));
  }

  static SigningKey ecdsa(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return new SigningKey(generator.generateKeyPair(), "SHA256withECDSA");
  }

  public static SigningKey ed25519() throws GeneralSecurityException {
    return new SigningKey(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "Ed25519");
  }

  public static SigningKey rsa(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return new SigningKey(generator.generateKeyPair(), "SHA256withRSA");
  }

  public byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance(signatures);
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As cosign writes {@code cosign.pub}. */
  public String publicPem() {
    return pem("PUBLIC KEY", pair.getPublic().getEncoded());
  }

  /** PKCS #8. */
  byte[] privateKey() {
    return pair.getPrivate().getEncoded();
  }

  public TrustedKey trusted() throws MalformedKeyException {
    return TrustedKey.ofPem("a test", publicPem());
  }

  static String pem(String label, byte[] encoded) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, NEWLINE).encodeToString(encoded)
        + "\n-----END "
        + label
        + "-----\n";
  }

  @Override
  public String toString() {
    return signatures;
  }
}
