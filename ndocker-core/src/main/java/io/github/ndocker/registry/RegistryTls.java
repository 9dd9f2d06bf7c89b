package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What to trust of a registry with a certificate authority of its own, from the files that its
 * administrator hands out. Only that authority is trusted then, none of the platform's.
 */
public final class RegistryTls {
  private static final int MAX_BYTES = 4 << 20;
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519");

  private RegistryTls() {}

  /**
   * Trusts an authority.
   *
   * @param authorities certificates in PEM
   * @return for {@link RegistryOptions#withTls}
   * @throws CredentialsException if a file is not what it should be
   * @throws IOException if one cannot be read
   */
  public static SSLContext trusting(Path authorities) throws IOException {
    return context(authorities, new KeyManager[0]);
  }

  /**
   * Trusts an authority, and shows a certificate to who asks for one.
   *
   * @param authorities certificates in PEM
   * @param certificate the client's certificate in PEM, with those between it and its authority
   * @param key the private key of it: PKCS #8 in PEM, not encrypted
   * @return for {@link RegistryOptions#withTls}
   * @throws CredentialsException if a file is not what it should be
   * @throws IOException if one cannot be read
   */
  public static SSLContext trusting(Path authorities, Path certificate, Path key)
      throws IOException {
    Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
    PrivateKey secret = privateKey(key);
    try {
      KeyStore store = emptyStore();
      char[] unused = new char[0];
      store.setKeyEntry("client", secret, unused, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, unused);
      return context(authorities, factory.getKeyManagers());
    } catch (GeneralSecurityException e) {
      throw new CredentialsException(certificate.toString(), "does not go with " + key);
    }
  }

  private static SSLContext context(Path authorities, KeyManager[] keys) throws IOException {
    Collection<? extends Certificate> trusted = certificates(authorities);
    try {
      KeyStore store = emptyStore();
      for (Certificate one : trusted) {
        store.setCertificateEntry("authority-" + store.size(), one);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new CredentialsException(authorities.toString(), "cannot be used to trust anybody");
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)));
      if (!found.isEmpty()) {
        return found;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new CredentialsException(file.toString(), "has no certificate in PEM");
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    Matcher pem = PRIVATE_KEY.matcher(new String(bytes(file), ISO_8859_1));
    if (!pem.find()) {
      throw noKey(file);
    }
    PKCS8EncodedKeySpec encoded;
    try {
      encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    } catch (IllegalArgumentException e) {
      throw noKey(file);
    }
    for (String algorithm : KEY_ALGORITHMS) {
      Optional<PrivateKey> key = privateKey(algorithm, encoded);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw noKey(file);
  }

  private static Optional<PrivateKey> privateKey(String algorithm, PKCS8EncodedKeySpec encoded) {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
    } catch (InvalidKeySpecException e) {
      return Optional.empty(); // of another algorithm
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  private static CredentialsException noKey(Path file) {
    return new CredentialsException(
        file.toString(), "has no private key in PEM (PKCS #8, not encrypted)");
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new CredentialsException(file.toString(), "has more than " + MAX_BYTES + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new CredentialsException(file.toString(), "is not there");
    }
  }
}
