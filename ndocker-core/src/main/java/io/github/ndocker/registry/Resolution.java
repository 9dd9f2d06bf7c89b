package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageIndex;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Manifest;
import io.github.ndocker.image.ManifestDocument;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.PlatformNotFoundException;
import io.github.ndocker.image.ResolvedImage;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BooleanSupplier;

/** The way from a reference through indexes to one manifest and its configuration. */
record Resolution(
    RegistryClient client, ImageReference reference, Platform platform, BooleanSupplier cancelled) {
  /**
   * The limit for manifests that registries are asked to accept (OCI distribution specification).
   */
  private static final int MAX_BYTES = 4 << 20;

  /** The specification allows indexes in indexes; nobody needs more of them. */
  private static final int MAX_INDEXES = 3;

  ResolvedImage run() throws IOException {
    ImageReference next = reference;
    ServedManifest served = client.manifest(next, MAX_BYTES, cancelled);
    Digest digest = digestOf(served);
    for (int indexes = 0; indexes <= MAX_INDEXES; indexes++) {
      String subject = "manifest of " + next;
      ManifestDocument document =
          ManifestDocument.parse(served.json(), served.mediaType(), subject);
      if (document instanceof Manifest manifest) {
        return image(digest, served, manifest);
      }
      Descriptor chosen = choose((ImageIndex) document);
      next = reference.at(chosen.digest());
      digest = chosen.digest();
      served = client.manifest(next, MAX_BYTES, cancelled).named(chosen.mediaType());
      checkNamed(served, chosen, next);
    }
    throw new MalformedManifestException(
        "manifest of " + reference, "more than " + MAX_INDEXES + " indexes inside each other");
  }

  private Digest digestOf(ServedManifest served) throws IOException {
    String subject = "manifest of " + reference;
    if (reference.digest().isPresent()) {
      Digest pinned = reference.digest().get();
      Download.check(subject, pinned, served.json());
      return pinned;
    }
    if (served.declaredDigest().isPresent()) {
      Digest declared;
      try {
        declared = Digest.parse(served.declaredDigest().get());
      } catch (IllegalArgumentException e) {
        throw new MalformedManifestException(subject, String.valueOf(e.getMessage()), e);
      }
      Download.check(subject, declared, served.json());
    }
    try {
      return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(served.json()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Descriptor choose(ImageIndex index) throws PlatformNotFoundException {
    return index
        .select(platform)
        .orElseThrow(() -> new PlatformNotFoundException(reference, platform, index.platforms()));
  }

  private static void checkNamed(ServedManifest served, Descriptor named, ImageReference next)
      throws IOException {
    String subject = "manifest of " + next;
    if (served.json().length != named.size()) {
      throw new MalformedManifestException(
          subject, "its index says " + named.size() + " bytes, but it has " + served.json().length);
    }
    if (!served.mediaType().isEmpty() && !served.mediaType().equals(named.mediaType())) {
      throw new MalformedManifestException(
          subject,
          "its index says '"
              + named.mediaType()
              + "', but it was served as '"
              + served.mediaType()
              + "'");
    }
    Download.check(subject, named.digest(), served.json());
  }

  private ResolvedImage image(Digest digest, ServedManifest served, Manifest manifest)
      throws IOException {
    byte[] config = client.config(reference, manifest.config(), cancelled);
    ResolvedImage image = ResolvedImage.of(reference, digest, served.json(), config);
    Platform built = image.config().platform();
    if (!built.os().isEmpty() && !platform.accepts(built)) {
      throw new PlatformNotFoundException(reference, platform, built.toString());
    }
    return image;
  }
}
