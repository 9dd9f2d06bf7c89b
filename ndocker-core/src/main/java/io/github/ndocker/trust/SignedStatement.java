package io.github.ndocker.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A statement about an image (in-toto Attestation Framework, version 1) in its envelope (DSSE 1.0),
 * as cosign signs images from version 3 on.
 */
final class SignedStatement extends ImageSignature {
  private static final String PAYLOAD = "application/vnd.in-toto+json";
  private static final String STATEMENT = "https://in-toto.io/Statement/v1";

  /** A signature is of one image; a statement may be of the parts of an index too. */
  private static final int MAX_SUBJECTS = 1_000;

  private final byte[] payload;

  private SignedStatement(byte[] payload, byte[] signature, String subject) {
    super(signature, subject);
    this.payload = payload;
  }

  static SignedStatement of(JsonDocument envelope, String subject)
      throws MalformedManifestException {
    if (!envelope.text("payloadType").equals(PAYLOAD)) {
      throw new MalformedManifestException(subject, "its payload is not '" + PAYLOAD + "'");
    }
    List<JsonDocument> signatures = envelope.objects("signatures");
    // of a bundle; an envelope elsewhere may have more
    if (signatures.size() != 1) {
      throw new MalformedManifestException(
          subject, signatures.size() + " signatures in an envelope that has one");
    }
    return new SignedStatement(
        envelope.base64("payload"), signatures.get(0).base64("sig"), subject);
  }

  /** The "pre-authentication encoding" of DSSE: nothing else that a key signs looks like it. */
  static byte[] encoding(String type, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ("DSSEv1 " + type.getBytes(UTF_8).length + " " + type + " " + payload.length + " ")
            .getBytes(UTF_8));
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  @Override
  byte[] signedBytes(SignedImage image) {
    return encoding(PAYLOAD, payload);
  }

  @Override
  Optional<Objection> objection(SignedImage image, NameRule names)
      throws MalformedManifestException {
    JsonDocument statement = JsonDocument.parse(payload, subject());
    if (!statement.text("_type").equals(STATEMENT)) {
      throw new MalformedManifestException(subject(), "not a statement of version 1");
    }
    if (!statement.text("predicateType").equals(SIGN_PREDICATE)) {
      throw new MalformedManifestException(
          subject(), "it attests something of an image, but does not sign one");
    }
    List<JsonDocument> subjects = statement.objects("subject");
    if (subjects.size() > MAX_SUBJECTS) {
      throw new MalformedManifestException(
          subject(), subjects.size() + " subjects, of which at most " + MAX_SUBJECTS + " are read");
    }
    if (!names(subjects, image.digest().hex())) {
      return Optional.of(
          new Objection(Reason.WRONG_DIGEST, subject() + " is a signature of another image"));
    }
    return nameless(names);
  }

  private static boolean names(List<JsonDocument> subjects, String sha256)
      throws MalformedManifestException {
    for (JsonDocument one : subjects) {
      Optional<JsonDocument> digests = one.object("digest");
      if (digests.isPresent() && digests.get().text("sha256", "").equals(sha256)) {
        return true;
      }
    }
    return false;
  }
}
