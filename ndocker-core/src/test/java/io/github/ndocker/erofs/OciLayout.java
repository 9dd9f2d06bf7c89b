package io.github.ndocker.erofs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The images of a directory as the OCI image-layout specification lays them out. */
record OciLayout(Path root) {
  private static final ObjectMapper JSON = new ObjectMapper();

  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode manifest : JSON.readTree(root.resolve("index.json").toFile()).get("manifests")) {
      names.add(name(manifest));
    }
    return names;
  }

  /** The compressed layers of an image, from the bottom up. */
  List<Path> layers(String image) throws IOException {
    List<Path> layers = new ArrayList<>();
    for (JsonNode manifest : JSON.readTree(root.resolve("index.json").toFile()).get("manifests")) {
      if (name(manifest).equals(image)) {
        JsonNode layerList = JSON.readTree(blob(manifest).toFile()).get("layers");
        for (JsonNode layer : layerList) {
          layers.add(blob(layer));
        }
      }
    }
    if (layers.isEmpty() || !layers.stream().allMatch(Files::exists)) {
      throw new IOException("no image " + image + " in " + root);
    }
    return layers;
  }

  private static String name(JsonNode manifest) {
    return manifest.get("annotations").get("org.opencontainers.image.ref.name").asText();
  }

  private Path blob(JsonNode descriptor) {
    String[] digest = descriptor.get("digest").asText().split(":", -1);
    if (digest.length != 2) {
      throw new IllegalArgumentException(Arrays.toString(digest));
    }
    return root.resolve("blobs").resolve(digest[0]).resolve(digest[1]);
  }
}
