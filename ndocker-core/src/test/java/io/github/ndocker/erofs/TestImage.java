package io.github.ndocker.erofs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An image of layers that a test has made, as an OCI layout of its own. */
final class TestImage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OCI = "application/vnd.oci.image.";

  private final Path layout;
  private final List<String> diffIds = new ArrayList<>();

  private TestImage(Path layout) {
    this.layout = layout;
  }

  /** Writes the layout into a directory that is not there yet. */
  static TestImage write(Path layout, List<byte[]> layers) throws IOException {
    Files.createDirectories(layout.resolve("blobs/sha256"));
    TestImage image = new TestImage(layout);
    List<Map<String, Object>> descriptors = new ArrayList<>();
    for (byte[] layer : layers) {
      descriptors.add(image.put("layer.v1.tar", layer));
      image.diffIds.add((String) descriptors.get(descriptors.size() - 1).get("digest"));
    }
    Map<String, Object> rootfs = Map.of("type", "layers", "diff_ids", image.diffIds);
    Map<String, Object> config =
        image.put(
            "config.v1+json",
            JSON.writeValueAsBytes(
                Map.of("architecture", "amd64", "os", "linux", "rootfs", rootfs)));
    Map<String, Object> manifest =
        image.put(
            "manifest.v1+json",
            JSON.writeValueAsBytes(
                Map.of("schemaVersion", 2, "config", config, "layers", descriptors)));
    String name = "example.com/random/" + image.chainId().substring(7, 19) + ":test";
    Map<String, String> annotations =
        Map.of("org.opencontainers.image.ref.name", "test", "io.containerd.image.name", name);
    manifest.put("annotations", annotations);
    Files.write(
        layout.resolve("index.json"),
        JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", List.of(manifest))));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    return image;
  }

  private Map<String, Object> put(String type, byte[] blob) throws IOException {
    String digest = sha256(blob);
    Files.write(layout.resolve("blobs/sha256").resolve(digest.substring(7)), blob);
    return new TreeMap<>(Map.of("mediaType", OCI + type, "digest", digest, "size", blob.length));
  }

  /** The chain ID of its top layer. */
  String chainId() {
    return chainId(diffIds);
  }

  /** The chain ID of the top one of layers that lie on each other (OCI image specification). */
  static String chainId(List<String> diffIds) {
    String chain = diffIds.get(0);
    for (String diffId : diffIds.subList(1, diffIds.size())) {
      chain = sha256((chain + " " + diffId).getBytes(StandardCharsets.UTF_8));
    }
    return chain;
  }

  /** The tar of a layer. */
  Path layer(int position) {
    return layout.resolve("blobs/sha256").resolve(diffIds.get(position).substring(7));
  }

  private static String sha256(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
