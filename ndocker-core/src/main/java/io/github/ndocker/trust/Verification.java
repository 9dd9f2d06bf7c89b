package io.github.ndocker.trust;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.trust.TrustPolicy.SignedBy;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whether an image is signed as a policy wants it: takes signatures until one is good, and
 * remembers why the others were not. For one thread.
 */
public final class Verification {
  private final SignedBy policy;
  private final SignedImage image;
  private final List<Objection> objections = new ArrayList<>();

  /**
   * A verification that has seen no signature.
   *
   * @param policy what is wanted
   * @param reference the image
   * @param manifest the manifest or index that the reference led to, byte for byte
   */
  public Verification(SignedBy policy, ImageReference reference, byte[] manifest) {
    this.policy = policy;
    this.image = SignedImage.of(reference, manifest);
  }

  /**
   * What must be signed.
   *
   * @return the SHA-256 of the manifest or index
   */
  public Digest digest() {
    return image.digest();
  }

  /**
   * Verifies one signature.
   *
   * @param signature as it was found
   * @return whether the image is to be accepted for it
   */
  public boolean accepts(ImageSignature signature) {
    byte[] signed = signature.signedBytes(image);
    if (policy.keys().stream().noneMatch(key -> key.verifies(signed, signature.signature()))) {
      object(
          Reason.WRONG_KEY,
          signature.subject() + " was made by no trusted key, or what it signs was altered");
      return false;
    }
    try {
      Optional<Objection> objection = signature.objection(image, policy.names());
      objection.ifPresent(objections::add);
      return objection.isEmpty();
    } catch (MalformedManifestException e) {
      object(Reason.MALFORMED, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /**
   * Remembers why a signature does not count that could not even be verified.
   *
   * @param reason the kind of reason
   * @param detail a sentence, for the message of {@link #refusal}
   */
  public void object(Reason reason, String detail) {
    objections.add(new Objection(reason, detail));
  }

  /**
   * What to throw if no signature was accepted.
   *
   * @return an exception with the reasons
   */
  public UntrustedImageException refusal() {
    List<Objection> weightiestFirst =
        objections.stream().sorted(Comparator.comparing(Objection::reason).reversed()).toList();
    return weightiestFirst.isEmpty()
        ? new UntrustedImageException(
            image.reference(),
            image.digest(),
            Reason.UNSIGNED,
            List.of("the registry has no signature of it"))
        : new UntrustedImageException(
            image.reference(),
            image.digest(),
            weightiestFirst.get(0).reason(),
            weightiestFirst.stream().map(Objection::detail).distinct().toList());
  }
}
