package io.github.ndocker.trust;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import java.util.List;

/** The policy wants an image to be signed, and no good signature of it was found. */
public final class UntrustedImageException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Why a signature did not count. Of several the last one is the image's: what could not be looked
   * at weighs more than what was.
   */
  public enum Reason {
    /** There is none. */
    UNSIGNED,

    /** A document does not say what it must. */
    MALFORMED,

    /** It was made by another key, or what was signed has been altered. */
    WRONG_KEY,

    /** It is good, but for another image. */
    WRONG_DIGEST,

    /** It is good, but for another repository; see {@link NameRule}. */
    WRONG_NAME,

    /** A document is larger than it may be. */
    TOO_LARGE,

    /** There are more than are tried. */
    TOO_MANY,

    /** The registry did not answer, or not in time; try again later. */
    UNREACHABLE
  }

  /** As many as a person reads; the registry decides how many there are. */
  private static final int MAX_DETAILS = 5;

  /** The image. */
  private final transient ImageReference reference;

  /** What was not signed. */
  private final String digest;

  /** Why. */
  private final Reason reason;

  /**
   * Says why.
   *
   * @param reference the image
   * @param digest what should have been signed: the digest of what the reference leads to
   * @param reason the weightiest of the reasons
   * @param details a sentence for each signature that did not count, at least one
   */
  public UntrustedImageException(
      ImageReference reference, Digest digest, Reason reason, List<String> details) {
    super(
        reference
            + " ("
            + digest
            + ") is refused: the policy wants it signed by a trusted key, but "
            + String.join("; ", details.subList(0, Math.min(MAX_DETAILS, details.size())))
            + (details.size() > MAX_DETAILS
                ? "; and " + (details.size() - MAX_DETAILS) + " more"
                : ""));
    this.reference = reference;
    this.digest = digest.toString();
    this.reason = reason;
  }

  /**
   * The image.
   *
   * @return what was asked for
   */
  public ImageReference reference() {
    return reference;
  }

  /**
   * What should have been signed.
   *
   * @return the digest of the manifest or index that the reference leads to
   */
  public Digest digest() {
    return Digest.parse(digest);
  }

  /**
   * Why it is refused.
   *
   * @return the weightiest reason
   */
  public Reason reason() {
    return reason;
  }
}
