package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.source.ContentCheck;
import io.github.ndocker.source.ImageDocument;
import io.github.ndocker.source.ImageDocuments;
import io.github.ndocker.source.ImageWalk;
import io.github.ndocker.source.KnownImages;
import io.github.ndocker.trust.UntrustedImageException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BooleanSupplier;

/** From a reference to the digest that a registry has for it, and on from there. */
record Resolution(
    RegistryClient client,
    ImageReference reference,
    Platform platform,
    KnownImages known,
    BooleanSupplier cancelled)
    implements ImageDocuments {
  ResolvedImage run() throws IOException {
    try {
      return attempt();
    } catch (MalformedManifestException | DigestMismatchException | UntrustedImageException e) {
      // it may be a mirror that is wrong, or behind: what the registry itself says counts
      if (!client.passOverMirrors(reference.registry())) {
        throw e;
      }
      return attempt();
    }
  }

  private ResolvedImage attempt() throws IOException {
    ServedManifest served = client.manifest(reference, ImageWalk.MAX_BYTES, cancelled);
    Digest digest = digestOf(served);
    client.requireTrust(reference, served.json(), cancelled);
    // from here on the digest says what the image is, and everything follows from it
    return new ImageWalk(reference, platform, this, known)
        .from(digest, new ImageDocument(served.json(), served.mediaType()));
  }

  @Override
  public ImageDocument manifest(Descriptor named) throws IOException {
    ServedManifest served =
        client.manifest(reference.at(named.digest()), ImageWalk.MAX_BYTES, cancelled);
    return new ImageDocument(served.json(), served.mediaType());
  }

  @Override
  public byte[] config(Descriptor named) throws IOException {
    return client.blob(reference, named, cancelled);
  }

  private Digest digestOf(ServedManifest served) throws IOException {
    String subject = "manifest of " + reference;
    if (reference.digest().isPresent()) {
      Digest pinned = reference.digest().get();
      ContentCheck.check(subject, pinned, served.json());
      return pinned;
    }
    if (served.declaredDigest().isPresent()) {
      Digest declared;
      try {
        declared = Digest.parse(served.declaredDigest().get());
      } catch (IllegalArgumentException e) {
        throw new MalformedManifestException(subject, String.valueOf(e.getMessage()), e);
      }
      ContentCheck.check(subject, declared, served.json());
    }
    try {
      return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(served.json()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
