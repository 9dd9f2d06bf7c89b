package io.github.ndocker.trust;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.InvalidReferenceException;
import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.util.Optional;

/**
 * A payload as Red Hat's "simple signing" has it, and its signature, of which cosign made its own.
 */
final class SimpleSigning extends ImageSignature {
  /** What cosign and skopeo write, and no other kind of payload that the same key may sign. */
  private static final String TYPE = "cosign container image signature";

  private final byte[] payload;

  SimpleSigning(byte[] payload, byte[] signature, String subject) {
    super(signature, subject);
    this.payload = payload.clone();
  }

  @Override
  byte[] signedBytes(SignedImage image) {
    return payload;
  }

  @Override
  Optional<Objection> objection(SignedImage image, NameRule names)
      throws MalformedManifestException {
    JsonDocument critical = object(JsonDocument.parse(payload, subject()), "critical");
    if (!critical.text("type").equals(TYPE)) {
      throw new MalformedManifestException(subject(), "its type is not '" + TYPE + "'");
    }
    Digest signed = object(critical, "image").digest("docker-manifest-digest");
    if (!signed.equals(image.digest())) {
      return Optional.of(
          new Objection(Reason.WRONG_DIGEST, subject() + " is a signature of " + signed));
    }
    String name = object(critical, "identity").text("docker-reference", "");
    if (name.isEmpty()) {
      return nameless(names);
    }
    return names == NameRule.IGNORED || isRepositoryOf(image.reference(), name)
        ? Optional.empty()
        : Optional.of(
            new Objection(
                Reason.WRONG_NAME, subject() + " was given to '" + abbreviated(name) + "'"));
  }

  private static boolean isRepositoryOf(ImageReference wanted, String name) {
    try {
      return Scope.of(ImageReference.parse(name)).equals(Scope.of(wanted));
    } catch (InvalidReferenceException e) {
      return false; // cosign lets signers write anything there; it is not this repository
    }
  }

  private JsonDocument object(JsonDocument parent, String field) throws MalformedManifestException {
    return parent
        .object(field)
        .orElseThrow(() -> new MalformedManifestException(subject(), "has no '" + field + "'"));
  }

  private static String abbreviated(String text) {
    return text.length() <= 255 ? text : text.substring(0, 255) + "...";
  }
}
