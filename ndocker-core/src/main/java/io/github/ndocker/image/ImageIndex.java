package io.github.ndocker.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The manifests of one image, one for each platform ("Image Index", OCI image specification; a
 * manifest list of Docker is the same). Immutable.
 *
 * @param mediaType {@link MediaTypes#OCI_INDEX} or {@link MediaTypes#DOCKER_LIST}
 * @param manifests descriptors of manifests, or of further indexes
 */
public record ImageIndex(String mediaType, List<Descriptor> manifests) implements ManifestDocument {
  /** Copies the list. */
  public ImageIndex {
    Objects.requireNonNull(mediaType, "mediaType");
    manifests = List.copyOf(manifests);
  }

  static ImageIndex of(JsonDocument document, String mediaType, String subject)
      throws MalformedManifestException {
    List<Descriptor> manifests = new ArrayList<>();
    for (JsonDocument element : document.objects("manifests")) {
      manifests.add(Descriptors.of(element, subject));
    }
    return new ImageIndex(mediaType, manifests);
  }

  /**
   * The manifest to use on a platform.
   *
   * @param wanted the platform
   * @return the first one that is built for it with the same variant; else the first one that runs
   *     on it; else the first one that says nothing of platforms; empty if there is none
   */
  public Optional<Descriptor> select(Platform wanted) {
    List<Descriptor> images =
        manifests.stream()
            .filter(
                entry ->
                    MediaTypes.isManifest(entry.mediaType())
                        || MediaTypes.isIndex(entry.mediaType()))
            .toList();
    return images.stream()
        .filter(entry -> entry.platform().filter(wanted::equals).isPresent())
        .findFirst()
        .or(
            () ->
                images.stream()
                    .filter(entry -> entry.platform().filter(wanted::accepts).isPresent())
                    .findFirst())
        .or(() -> images.stream().filter(entry -> entry.platform().isEmpty()).findFirst());
  }

  /**
   * The platforms the image is built for.
   *
   * @return as a person reads them
   */
  public String platforms() {
    return manifests.stream()
        .limit(50)
        .map(entry -> entry.platform().map(Platform::toString).orElse("unknown"))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
