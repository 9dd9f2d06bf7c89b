package io.github.ndocker.trust;

import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.util.Optional;

/**
 * A signature as it was found; nothing of it is true yet. What was signed is parsed only after the
 * signature has been found good.
 */
public abstract sealed class ImageSignature
    permits SimpleSigning, SignedStatement, ManifestSignature {
  /** The media type of a payload beside a signature ("Signature Specification", cosign). */
  public static final String PAYLOAD_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";

  /** The annotation of a payload that has its signature. */
  public static final String SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";

  /** The media type of a bundle ("Sigstore Bundle Format"). */
  public static final String BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  /** What a bundle says of an image that is signed, rather than attested something. */
  public static final String SIGN_PREDICATE = "https://sigstore.dev/cosign/sign/v1";

  private final String subject;
  private final byte[] signature;

  ImageSignature(byte[] signature, String subject) {
    this.subject = subject;
    this.signature = signature.clone();
  }

  /**
   * A signature beside its payload.
   *
   * @param payload what was signed, byte for byte
   * @param signature of these bytes
   * @param subject what it is, for messages
   * @return the signature
   */
  public static ImageSignature beside(byte[] payload, byte[] signature, String subject) {
    return new SimpleSigning(payload, signature, subject);
  }

  /**
   * A signature in a bundle.
   *
   * @param json the bundle
   * @param subject what it is, for messages
   * @return the signature
   * @throws MalformedManifestException if the bundle is malformed, of another version, or holds
   *     neither a statement nor a signature
   */
  public static ImageSignature inBundle(byte[] json, String subject)
      throws MalformedManifestException {
    JsonDocument bundle = JsonDocument.parse(json, subject);
    String version = bundle.text("mediaType");
    if (!version.equals(BUNDLE_TYPE)) {
      throw new MalformedManifestException(subject, "not a bundle of version 0.3");
    }
    Optional<JsonDocument> envelope = bundle.object("dsseEnvelope");
    Optional<JsonDocument> message = bundle.object("messageSignature");
    if (envelope.isPresent() == message.isPresent()) {
      throw new MalformedManifestException(
          subject, "expected either a DSSE envelope or a message signature");
    }
    return envelope.isPresent()
        ? SignedStatement.of(envelope.get(), subject)
        : ManifestSignature.of(message.orElseThrow(), subject);
  }

  /** What it is, for messages. */
  final String subject() {
    return subject;
  }

  /** The bytes that a key has signed, if this is a signature of the image at all. */
  abstract byte[] signedBytes(SignedImage image);

  /** What a key made of these bytes. */
  final byte[] signature() {
    return signature;
  }

  /** Why it does not count although a trusted key has made it; empty if it counts. */
  abstract Optional<Objection> objection(SignedImage image, NameRule names)
      throws MalformedManifestException;

  /** What there is against a signature that names no repository. */
  final Optional<Objection> nameless(NameRule names) {
    return names == NameRule.SAME
        ? Optional.of(new Objection(Reason.WRONG_NAME, subject + " was given to no repository"))
        : Optional.empty();
  }
}
