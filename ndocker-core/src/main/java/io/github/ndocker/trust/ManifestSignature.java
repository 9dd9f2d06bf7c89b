package io.github.ndocker.trust;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.util.Optional;

/** A signature of the bytes of a manifest, with the hash that it is known by. */
final class ManifestSignature extends ImageSignature {
  private final Digest hash;

  private ManifestSignature(Digest hash, byte[] signature, String subject) {
    super(signature, subject);
    this.hash = hash;
  }

  static ManifestSignature of(JsonDocument message, String subject)
      throws MalformedManifestException {
    JsonDocument hash =
        message
            .object("messageDigest")
            .orElseThrow(() -> new MalformedManifestException(subject, "has no 'messageDigest'"));
    byte[] bytes = hash.base64("digest");
    if (!hash.text("algorithm").equals("SHA2_256") || bytes.length != 32) {
      throw new MalformedManifestException(subject, "its digest is not that of SHA2_256");
    }
    return new ManifestSignature(Digest.sha256(bytes), message.base64("signature"), subject);
  }

  @Override
  byte[] signedBytes(SignedImage image) {
    return image.manifest();
  }

  @Override
  Optional<Objection> objection(SignedImage image, NameRule names) {
    if (!hash.equals(image.digest())) {
      return Optional.of(
          new Objection(Reason.WRONG_DIGEST, subject() + " says it is a signature of " + hash));
    }
    return nameless(names);
  }
}
