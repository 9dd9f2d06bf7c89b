package io.github.ndocker.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An image in an archive of {@code docker save}, as its {@code manifest.json} describes it: by the
 * names of entries of the archive, without digests. Immutable.
 *
 * @param config the entry that is the configuration
 * @param repoTags references, {@code repository:tag}
 * @param layers the entries that are the layers, from the bottom up, at least one
 */
public record SavedImage(String config, List<String> repoTags, List<String> layers) {
  /** Copies the lists. */
  public SavedImage {
    Objects.requireNonNull(config, "config");
    repoTags = List.copyOf(repoTags);
    layers = List.copyOf(layers);
  }

  /**
   * Parses a {@code manifest.json}.
   *
   * @param json its bytes
   * @param subject what it is, for messages
   * @return the images
   * @throws MalformedManifestException if it is none, or an image has no layers or too many
   */
  public static List<SavedImage> parse(byte[] json, String subject)
      throws MalformedManifestException {
    List<SavedImage> images = new ArrayList<>();
    for (JsonDocument image : JsonDocument.parseArray(json, subject)) {
      List<String> layers = image.texts("Layers");
      if (layers.isEmpty() || layers.size() > Manifest.MAX_LAYERS) {
        throw new MalformedManifestException(
            subject, layers.size() + " layers; an image has between 1 and " + Manifest.MAX_LAYERS);
      }
      images.add(new SavedImage(image.text("Config"), image.texts("RepoTags"), layers));
    }
    return images;
  }
}
