package io.github.ndocker.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.Digest;
import io.github.ndocker.image.MediaTypes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Documents of images that were well-formed before somebody edited them. */
final class EditedJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EditedJson() {}

  static byte[] of(byte[] document, Consumer<ObjectNode> edit) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(document);
    edit.accept(node);
    return JSON.writeValueAsBytes(node);
  }

  /** The manifest of an image, with another word about one of its layers. */
  static byte[] ofLayer(TinyImage image, int position, Consumer<ObjectNode> edit)
      throws IOException {
    return of(
        image.manifest(), manifest -> edit.accept((ObjectNode) manifest.at("/layers/" + position)));
  }

  /** The manifest of an image, with another word about its configuration. */
  static byte[] ofConfig(TinyImage image, Consumer<ObjectNode> edit) throws IOException {
    return of(image.manifest(), manifest -> edit.accept((ObjectNode) manifest.get("config")));
  }

  /** An index of one manifest, or of another index. */
  static byte[] index(String mediaType, Digest digest, long size) throws IOException {
    return JSON.writeValueAsBytes(
        Map.of(
            "schemaVersion",
            2,
            "mediaType",
            MediaTypes.OCI_INDEX,
            "manifests",
            List.of(Map.of("mediaType", mediaType, "digest", digest.toString(), "size", size))));
  }
}
