package io.github.ndocker.source;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
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
import java.util.Objects;
import java.util.Optional;

/**
 * The way from a first document through indexes to one manifest and its configuration, the same for
 * every source. Each document must have the size, the digest and the media type by which the one
 * before it names it. Immutable.
 *
 * @param reference what was asked for
 * @param platform what the image shall run on
 * @param documents where documents are read
 * @param known documents that need not be read; checked all the same
 */
public record ImageWalk(
    ImageReference reference, Platform platform, ImageDocuments documents, KnownImages known) {
  /**
   * The limit for manifests that registries are asked to accept (OCI distribution specification).
   */
  public static final int MAX_BYTES = 4 << 20;

  /** The specification allows indexes in indexes; nobody needs more of them. */
  private static final int MAX_INDEXES = 3;

  /** Checks that nothing is missing. */
  public ImageWalk {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(documents, "documents");
    Objects.requireNonNull(known, "known");
  }

  /**
   * Begins at a document that is named by a descriptor.
   *
   * @param first the manifest or index
   * @return the image
   * @throws PlatformNotFoundException if it is not built for the platform
   * @throws MalformedManifestException if a document is malformed, not supported or not as named
   * @throws DigestMismatchException if a document is not the one that was named
   * @throws IOException if a document cannot be read
   */
  public ResolvedImage from(Descriptor first) throws IOException {
    return from(first.digest(), manifest(first));
  }

  /**
   * Begins at a document that is there.
   *
   * @param first its digest, which the caller has checked
   * @param document the manifest or index
   * @return the image
   * @throws PlatformNotFoundException if it is not built for the platform
   * @throws MalformedManifestException if a document is malformed, not supported or not as named
   * @throws DigestMismatchException if a document is not the one that was named
   * @throws IOException if a document cannot be read
   */
  public ResolvedImage from(Digest first, ImageDocument document) throws IOException {
    Digest digest = first;
    ImageDocument current = document;
    String subject = "manifest of " + reference;
    for (int indexes = 0; indexes <= MAX_INDEXES; indexes++) {
      ManifestDocument parsed =
          ManifestDocument.parse(current.json(), current.mediaType(), subject);
      if (parsed instanceof Manifest manifest) {
        return image(digest, current.json(), manifest);
      }
      Descriptor chosen = choose((ImageIndex) parsed);
      digest = chosen.digest();
      subject = subjectOf(chosen);
      current = manifest(chosen);
    }
    throw new MalformedManifestException(
        "manifest of " + reference, "more than " + MAX_INDEXES + " indexes inside each other");
  }

  private Descriptor choose(ImageIndex index) throws PlatformNotFoundException {
    return index
        .select(platform)
        .orElseThrow(() -> new PlatformNotFoundException(reference, platform, index.platforms()));
  }

  private ImageDocument manifest(Descriptor named) throws IOException {
    Optional<byte[]> there = known.find(named.digest()).map(KnownImage::manifest);
    if (there.isPresent() && isAsNamed(named, there.get())) {
      return new ImageDocument(there.get(), named.mediaType());
    }
    if (named.size() > MAX_BYTES) {
      throw new MalformedManifestException(
          subjectOf(named), named.size() + " bytes, of which at most " + MAX_BYTES + " are read");
    }
    ImageDocument read = documents.manifest(named);
    if (!read.mediaType().isEmpty() && !read.mediaType().equals(named.mediaType())) {
      throw new MalformedManifestException(
          subjectOf(named),
          "its index says '"
              + named.mediaType()
              + "', but it was served as '"
              + read.mediaType()
              + "'");
    }
    check(subjectOf(named), "its index", named, read.json());
    return new ImageDocument(read.json(), named.mediaType());
  }

  private ResolvedImage image(Digest digest, byte[] json, Manifest manifest) throws IOException {
    ResolvedImage image =
        ResolvedImage.of(reference, digest, json, config(digest, manifest.config()));
    Platform built = image.config().platform();
    if (!built.os().isEmpty() && !platform.accepts(built)) {
      throw new PlatformNotFoundException(reference, platform, built.toString());
    }
    return image;
  }

  private byte[] config(Digest manifest, Descriptor named) throws IOException {
    Optional<byte[]> there = known.find(manifest).map(KnownImage::config);
    if (there.isPresent() && isAsNamed(named, there.get())) {
      return there.get();
    }
    byte[] read = documents.config(named);
    check("configuration of " + reference, "its manifest", named, read);
    return read;
  }

  /** What was kept may have been damaged since; then it is read again. */
  private static boolean isAsNamed(Descriptor named, byte[] bytes) {
    return bytes.length == named.size() && ContentCheck.matches(named.digest(), bytes);
  }

  private static void check(String subject, String naming, Descriptor named, byte[] bytes)
      throws IOException {
    if (bytes.length != named.size()) {
      throw new MalformedManifestException(
          subject, naming + " says " + named.size() + " bytes, but it has " + bytes.length);
    }
    ContentCheck.check(subject, named.digest(), bytes);
  }

  private String subjectOf(Descriptor named) {
    return "manifest of " + reference.at(named.digest());
  }
}
