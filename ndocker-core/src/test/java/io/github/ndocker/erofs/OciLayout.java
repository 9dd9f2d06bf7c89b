package io.github.ndocker.erofs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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

  private JsonNode descriptor(String image) throws IOException {
    for (JsonNode manifest : JSON.readTree(root.resolve("index.json").toFile()).get("manifests")) {
      if (name(manifest).equals(image)) {
        return manifest;
      }
    }
    throw new IOException("no image " + image + " in " + root);
  }

  private JsonNode document(JsonNode descriptor) throws IOException {
    return JSON.readTree(blob(descriptor).toFile());
  }

  /** The compressed layers of an image, from the bottom up. */
  List<Path> layers(String image) throws IOException {
    List<Path> layers = new ArrayList<>();
    for (JsonNode layer : document(descriptor(image)).get("layers")) {
      layers.add(blob(layer));
    }
    if (layers.isEmpty() || !layers.stream().allMatch(Files::exists)) {
      throw new IOException("the image " + image + " in " + root + " is not complete");
    }
    return layers;
  }

  /** The chain ID of the top layer of an image. */
  String chainId(String image) throws IOException {
    List<String> diffIds = new ArrayList<>();
    JsonNode configuration = document(document(descriptor(image)).get("config"));
    configuration.get("rootfs").get("diff_ids").forEach(diffId -> diffIds.add(diffId.asText()));
    return TestImage.chainId(diffIds);
  }

  /** Makes an archive of a single image, as {@code ctr} imports it. */
  Path archive(String image, Path directory) throws IOException {
    Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
    ObjectNode manifest = descriptor(image).deepCopy();
    manifest.withObject("/annotations").put("io.containerd.image.name", "real.example/" + image);
    List<Path> files = new ArrayList<>(layers(image));
    files.add(blob(manifest));
    files.add(blob(document(manifest).get("config")));
    for (Path file : files) {
      Path link = blobs.resolve(file.getFileName().toString());
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, file.toAbsolutePath());
      }
    }
    Files.copy(root.resolve("oci-layout"), directory.resolve("oci-layout"));
    Files.write(
        directory.resolve("index.json"),
        JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", List.of(manifest))));
    Path archive = directory.resolveSibling(image + ".tar");
    Command.run("tar", "-chf", archive.toString(), "-C", directory.toString(), ".");
    return archive;
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
