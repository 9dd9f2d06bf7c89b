package io.github.ndocker.trust;

import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What refers to an image and may be a signature of it ("Listing Referrers", OCI distribution
 * specification). Immutable.
 *
 * @param bundles manifests of bundles; not those that say they hold something else than a signature
 */
public record Referrers(List<Descriptor> bundles) {
  private static final String PREDICATE_ANNOTATION = "dev.sigstore.bundle.predicateType";

  /** Copies the list. */
  public Referrers {
    bundles = List.copyOf(bundles);
  }

  /**
   * Parses a list, or a page of one. A registry may list what it was not asked for.
   *
   * @param json its bytes
   * @param subject what it is, for messages
   * @return the list
   * @throws MalformedManifestException if it is not one
   */
  public static Referrers parse(byte[] json, String subject) throws MalformedManifestException {
    List<Descriptor> bundles = new ArrayList<>();
    for (JsonDocument entry : JsonDocument.parse(json, subject).objects("manifests")) {
      if (isSignature(entry)) {
        bundles.add(SignatureManifest.descriptor(entry, subject));
      }
    }
    return new Referrers(bundles);
  }

  private static boolean isSignature(JsonDocument entry) throws MalformedManifestException {
    Optional<JsonDocument> annotations = entry.object("annotations");
    String predicate =
        annotations.isPresent() ? annotations.get().text(PREDICATE_ANNOTATION, "") : "";
    return entry.text("artifactType", "").equals(ImageSignature.BUNDLE_TYPE)
        && (predicate.isEmpty() || predicate.equals(ImageSignature.SIGN_PREDICATE));
  }
}
