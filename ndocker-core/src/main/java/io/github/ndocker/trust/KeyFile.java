package io.github.ndocker.trust;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the one public key of a text in PEM (RFC 7468), as cosign writes {@code cosign.pub}. */
final class KeyFile {
  /** An RSA key of 8,192 bits has 1.5 KB. */
  private static final int MAX_BYTES = 64 << 10;

  private static final Pattern PUBLIC_KEY =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]++)-----END PUBLIC KEY-----");

  private KeyFile() {}

  static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new MalformedKeyException(
            file.toString(), "more than " + MAX_BYTES + " bytes; a public key in PEM has fewer");
      }
      return new String(bytes, ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new MalformedKeyException(file.toString(), "is not there");
    }
  }

  /** The key, encoded as a {@code SubjectPublicKeyInfo}. */
  static byte[] decode(String source, String pem) throws MalformedKeyException {
    if (pem.length() > MAX_BYTES) {
      throw new MalformedKeyException(source, "more than " + MAX_BYTES + " characters");
    }
    if (pem.contains("PRIVATE KEY-----")) {
      throw new MalformedKeyException(
          source,
          "has a private key; give the public one, and keep this one where images are signed");
    }
    Matcher key = PUBLIC_KEY.matcher(pem);
    if (!key.find()) {
      throw new MalformedKeyException(source, "has no public key in PEM (BEGIN PUBLIC KEY)");
    }
    String base64 = key.group(1);
    if (key.find()) {
      throw new MalformedKeyException(source, "has more than one public key; give each a file");
    }
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MalformedKeyException(source, "its public key is not base64");
    }
  }
}
