package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.source.ContentCheck;
import io.github.ndocker.trust.ImageSignature;
import io.github.ndocker.trust.Referrers;
import io.github.ndocker.trust.SignatureManifest;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import io.github.ndocker.trust.Verification;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Looks for signatures of an image where cosign puts them, beside it in its repository, until one
 * is good: those under the tag {@code sha256-HEX.sig}, then the bundles that refer to the image.
 * Mirrors are asked too: whose signature it is does not depend on who serves it.
 *
 * <p>What is missing or wrong is remembered and the next one tried. The repository is not trusted,
 * so that much of it is looked at and no more.
 */
final class SignatureLookup {
  /** What is fetched under the tag, and again of bundles: there a manifest counts like a bundle. */
  static final int MAX_TRIED = 64;

  /** What lists signatures: a manifest, or a page of referrers. */
  static final int MAX_LIST_BYTES = 1 << 20;

  /** A payload, or a bundle; those that cosign makes have 0.2 and 4 KB. */
  static final int MAX_SIGNATURE_BYTES = 256 << 10;

  static final int MAX_PAGES = 16;

  /** For all of it; a registry that sends a byte now and then never stalls. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RegistryClient client;
  private final ImageReference reference;
  private final Verification verification;
  private final BooleanSupplier wanted;
  private final BooleanSupplier cancelled;
  private int tried;

  SignatureLookup(
      RegistryClient client,
      ImageReference reference,
      Verification verification,
      Duration patience,
      BooleanSupplier cancelled) {
    this.client = client;
    this.reference = reference;
    this.verification = verification;
    this.wanted = cancelled;
    long begin = System.nanoTime();
    this.cancelled =
        () -> cancelled.getAsBoolean() || System.nanoTime() - begin >= patience.toNanos();
  }

  /** Where something is fetched that may not be there, or wrong. */
  @FunctionalInterface
  private interface Step {
    boolean isGood() throws IOException;
  }

  /**
   * Returns only if the image is signed as it must be.
   *
   * @throws io.github.ndocker.trust.UntrustedImageException if it is not
   * @throws FetchCancelledException if it was cancelled
   */
  void run() throws IOException {
    if (!isGood("its signatures", this::isSignedByTag)
        && !isGood("what refers to it", this::isSignedByReferrer)) {
      throw verification.refusal();
    }
  }

  private boolean isGood(String subject, Step step) throws IOException {
    try {
      return step.isGood();
    } catch (ImageNotFoundException e) {
      return false; // nothing lies there
    } catch (AnswerTooLargeException e) {
      verification.object(Reason.TOO_LARGE, subject + ": " + e.getMessage());
    } catch (FetchCancelledException e) {
      if (wanted.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      verification.object(Reason.UNREACHABLE, subject + " did not come in time");
    } catch (RegistryException e) {
      verification.object(Reason.UNREACHABLE, subject + ": " + e.getMessage());
    } catch (MalformedManifestException | DigestMismatchException e) {
      verification.object(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
    return false;
  }

  private boolean isSignedByTag() throws IOException {
    String tag = "sha256-" + verification.digest().hex() + ".sig";
    return isAnyGood(SignatureManifest.parse(tagged(tag), tag), ImageSignature.PAYLOAD_TYPE, tag);
  }

  private boolean isSignedByReferrer() throws IOException {
    tried = 0; // those of the older kind may be many, and all of an older key
    ReferrersEndpoint endpoint =
        ReferrersEndpoint.of(reference, verification.digest(), ImageSignature.BUNDLE_TYPE);
    ServedReferrers page;
    try {
      page = client.referrers(endpoint, MAX_LIST_BYTES, cancelled);
    } catch (RegistryException e) {
      if (!isUnknownRequest(e)) {
        throw e;
      }
      // "Unavailable Referrers API": the list is kept under a tag then
      String tag = "sha256-" + verification.digest().hex();
      return isAnyGood(Referrers.parse(tagged(tag), tag));
    }
    for (int pages = 1; ; pages++) {
      if (isAnyGood(Referrers.parse(page.json(), endpoint.action()))) {
        return true;
      }
      Optional<String> next = page.next();
      if (next.isEmpty()) {
        return false;
      }
      if (pages == MAX_PAGES) {
        verification.object(Reason.TOO_MANY, "more than " + MAX_PAGES + " pages refer to it");
        return false;
      }
      endpoint = endpoint.next(next.get());
      page = client.referrers(endpoint, MAX_LIST_BYTES, cancelled);
    }
  }

  /** By the specification status 404; registries that are older than it have others, too. */
  private static boolean isUnknownRequest(RegistryException e) {
    int status = e.status().orElse(0);
    return status == 400 || status == 404 || status == 405 || status == 406 || status == 501;
  }

  private boolean isAnyGood(Referrers referrers) throws IOException {
    for (Descriptor bundle : referrers.bundles()) {
      if (!mayTry()) {
        return false;
      }
      String subject = "manifest " + bundle.digest();
      if (isGood(subject, () -> isAnyGood(manifest(bundle), ImageSignature.BUNDLE_TYPE, subject))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyGood(SignatureManifest manifest, String mediaType, String in)
      throws IOException {
    for (int position = 0; position < manifest.entries().size(); position++) {
      SignatureManifest.Entry entry = manifest.entries().get(position);
      if (!entry.blob().mediaType().equals(mediaType)) {
        continue;
      }
      if (!mayTry()) {
        return false;
      }
      String subject = "signature " + position + " of " + in;
      if (isGood(subject, () -> verification.accepts(signature(entry, subject)))) {
        return true;
      }
    }
    return false;
  }

  private boolean mayTry() {
    if (tried == MAX_TRIED) {
      verification.object(Reason.TOO_MANY, "there are more than " + MAX_TRIED + " to try");
      return false;
    }
    tried++;
    return true;
  }

  private ImageSignature signature(SignatureManifest.Entry entry, String subject)
      throws IOException {
    if (entry.blob().mediaType().equals(ImageSignature.BUNDLE_TYPE)) {
      return ImageSignature.inBundle(blob(entry.blob(), subject), subject);
    }
    byte[] signature = entry.signature(subject);
    return ImageSignature.beside(blob(entry.blob(), subject), signature, subject);
  }

  private byte[] blob(Descriptor blob, String subject) throws IOException {
    if (blob.size() > MAX_SIGNATURE_BYTES) {
      throw new AnswerTooLargeException(
          reference.registry(),
          new BlobEndpoint(reference, blob.digest(), 0).action(),
          MAX_SIGNATURE_BYTES);
    }
    try {
      return client.blob(reference, blob, cancelled);
    } catch (ImageNotFoundException e) {
      throw new MalformedManifestException(
          subject, "the registry does not hold " + blob.digest(), e);
    }
  }

  private SignatureManifest manifest(Descriptor bundle) throws IOException {
    Digest digest = bundle.digest();
    String subject = "manifest " + digest;
    try {
      ServedManifest served = client.manifest(reference.at(digest), MAX_LIST_BYTES, cancelled);
      ContentCheck.check(subject, digest, served.json());
      return SignatureManifest.parse(served.json(), subject);
    } catch (ImageNotFoundException e) {
      throw new MalformedManifestException(subject, "the registry does not hold it", e);
    }
  }

  private byte[] tagged(String tag) throws IOException {
    return client
        .manifest(
            new ImageReference(
                reference.registry(), reference.repository(), Optional.of(tag), Optional.empty()),
            MAX_LIST_BYTES,
            cancelled)
        .json();
  }
}
