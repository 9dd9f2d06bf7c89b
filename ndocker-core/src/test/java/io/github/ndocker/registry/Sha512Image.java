package io.github.ndocker.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import java.io.IOException;
import java.util.List;

/** An image whose manifest, configuration and compressed layers are named by their sha512. */
public final class Sha512Image {
  private Sha512Image() {}

  /** Serves such an image; returns its reference, pinned. */
  public static ImageReference serve(LyingRegistry registry, TinyImage image) throws IOException {
    byte[] config = image.config();
    byte[] manifest =
        EditedJson.of(
            image.manifest(),
            node -> {
              ((ObjectNode) node.get("config"))
                  .put("digest", of(config).toString())
                  .put("size", config.length);
              List<TinyLayer> layers = image.layers();
              for (int position = 0; position < layers.size(); position++) {
                ((ObjectNode) node.at("/layers/" + position))
                    .put("digest", of(layers.get(position).compressed()).toString());
              }
            });
    registry.blob(of(config), config);
    image.layers().forEach(layer -> registry.blob(of(layer.compressed()), layer.compressed()));
    registry.manifest(of(manifest).toString(), MediaTypes.OCI_MANIFEST, manifest);
    return registry.reference().at(of(manifest));
  }

  public static Digest of(byte[] bytes) {
    return Lie.sha512(bytes);
  }
}
