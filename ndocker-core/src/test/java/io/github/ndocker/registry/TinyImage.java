package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A whole image of a few kilobytes, made in memory; as an OCI layout on demand. */
public final class TinyImage {
  public static final String TAG = "tiny";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<TinyLayer> layers;
  private final List<DiffId> diffIds;
  private final byte[] config;
  private final byte[] manifest;

  private TinyImage(List<TinyLayer> layers, List<DiffId> diffIds) throws IOException {
    this.layers = List.copyOf(layers);
    this.diffIds = List.copyOf(diffIds);
    this.config = JSON.writeValueAsBytes(configDocument());
    this.manifest = JSON.writeValueAsBytes(manifestDocument());
  }

  /** An image of these layers from the bottom up, for the platform of this host. */
  public static TinyImage of(List<TinyLayer> layers) throws IOException {
    return new TinyImage(layers, layers.stream().map(TinyLayer::diffId).toList());
  }

  /**
   * An image of {@code count} layers, each with {@code files} files of {@code bytes} random bytes
   * (the same in every run); each layer also has a file {@code shared} of its own content.
   */
  public static TinyImage withLayers(int count, int files, int bytes) throws IOException {
    List<TinyLayer> layers = new ArrayList<>();
    for (int layer = 0; layer < count; layer++) {
      Random random = new Random(layer);
      Map<String, byte[]> contents = new HashMap<>();
      contents.put("shared", ("of layer " + layer + "\n").getBytes(UTF_8));
      contents.put("layer" + layer + "/", new byte[0]);
      for (int file = 0; file < files; file++) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        contents.put("layer" + layer + "/file" + file, content);
      }
      layers.add(TinyLayer.of(layer == 0 ? ADD_BASE : "COPY layer" + layer + " /", contents));
    }
    return of(layers);
  }

  private static final String ADD_BASE = "/bin/sh -c #(nop) ADD file:0000 in / ";

  /** Three layers of four files of 5,000 bytes. */
  public static TinyImage threeLayers() throws IOException {
    return withLayers(3, 4, 5_000);
  }

  /** This image with a configuration that lies about the diff ID of one layer. */
  public TinyImage withWrongDiffId(int position) throws IOException {
    List<DiffId> wrong = new ArrayList<>(diffIds);
    wrong.set(position, new DiffId(TinyLayer.sha256(new byte[] {42})));
    return new TinyImage(layers, wrong);
  }

  /** Writes the image as an OCI layout with the tag {@link #TAG}; returns the directory. */
  public Path writeLayout(Path directory) throws IOException {
    Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
    for (Map.Entry<Digest, byte[]> blob : blobs().entrySet()) {
      Files.write(blobs.resolve(blob.getKey().hex()), blob.getValue());
    }
    Files.write(blobs.resolve(manifestDigest().hex()), manifest);
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Map<String, Object> entry = new HashMap<>(descriptor(MANIFEST, manifest));
    entry.put("annotations", Map.of("org.opencontainers.image.ref.name", TAG));
    Files.write(
        directory.resolve("index.json"),
        JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", List.of(entry))));
    return directory;
  }

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  public List<TinyLayer> layers() {
    return layers;
  }

  public byte[] config() {
    return config.clone();
  }

  public byte[] manifest() {
    return manifest.clone();
  }

  /** An index that names the image for its platform, and another one before it. */
  public byte[] index() throws IOException {
    Map<String, Object> entry = new HashMap<>(descriptor(MANIFEST, manifest));
    entry.put("platform", Map.of("os", "linux", "architecture", Platform.host().architecture()));
    Map<String, Object> other = new HashMap<>(descriptor(MANIFEST, config));
    other.put("platform", Map.of("os", "linux", "architecture", "sparc"));
    return JSON.writeValueAsBytes(
        Map.of(
            "schemaVersion",
            2,
            "mediaType",
            MediaTypes.OCI_INDEX,
            "manifests",
            List.of(other, entry)));
  }

  public Digest manifestDigest() {
    return TinyLayer.sha256(manifest);
  }

  /** Configuration and compressed layers by their digests. */
  public Map<Digest, byte[]> blobs() {
    Map<Digest, byte[]> blobs = new HashMap<>();
    blobs.put(TinyLayer.sha256(config), config);
    layers.forEach(layer -> blobs.put(layer.digest(), layer.compressed()));
    return blobs;
  }

  /** The position of the layer with this compressed digest. */
  public Optional<Integer> positionOf(Digest digest) {
    for (int position = 0; position < layers.size(); position++) {
      if (layers.get(position).digest().equals(digest)) {
        return Optional.of(position);
      }
    }
    return Optional.empty();
  }

  private Map<String, Object> configDocument() {
    return Map.of(
        "architecture",
        Platform.host().architecture(),
        "os",
        "linux",
        "config",
        Map.of("Cmd", List.of("/hello"), "Env", List.of("PATH=/bin")),
        "history",
        layers.stream().map(layer -> Map.of("created_by", layer.createdBy())).toList(),
        "rootfs",
        Map.of("type", "layers", "diff_ids", diffIds.stream().map(DiffId::toString).toList()));
  }

  private Map<String, Object> manifestDocument() {
    return Map.of(
        "schemaVersion",
        2,
        "mediaType",
        MANIFEST,
        "config",
        descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers",
        layers.stream()
            .map(
                layer ->
                    descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer.compressed()))
            .toList());
  }

  public static Map<String, Object> descriptor(String mediaType, byte[] bytes) {
    return Map.of(
        "mediaType", mediaType, "digest", TinyLayer.sha256(bytes).toString(), "size", bytes.length);
  }
}
