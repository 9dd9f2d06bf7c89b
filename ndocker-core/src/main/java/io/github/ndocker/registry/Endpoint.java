package io.github.ndocker.registry;

import io.github.ndocker.image.ImageReference;
import java.util.List;
import java.util.Optional;

/** One request of the distribution protocol: where it goes, and what it does, for messages. */
sealed interface Endpoint permits ManifestEndpoint, BlobEndpoint, ReferrersEndpoint {
  /** The image the request belongs to; says which registry and repository. */
  ImageReference reference();

  /** Path below the registry's root, beginning with a slash. */
  String path();

  /** The media types to accept; none for any. */
  List<String> accept();

  /** The value of a {@code Range} header (RFC 9110, 14.2), if not all is wanted. */
  default Optional<String> range() {
    return Optional.empty();
  }

  /** What is done, a phrase that begins with a verb. */
  String action();
}
