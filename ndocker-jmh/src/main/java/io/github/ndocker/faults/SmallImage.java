package io.github.ndocker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.InvalidReferenceException;
import io.github.ndocker.image.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image of a few layers, the same in every run, as an OCI layout. Two of them share all layers
 * but the last.
 *
 * @param name its name
 * @param layers which layers, from the bottom up
 */
record SmallImage(String name, List<Integer> layers) {
  static final SmallImage ONE = new SmallImage("one", List.of(0, 1, 2));
  static final SmallImage OTHER = new SmallImage("other", List.of(0, 1, 3));

  /** There is none; a mirror has its images. */
  static final String REGISTRY = "images.invalid";

  private static final int FILES = 3;
  private static final int FILE_BYTES = 50_001;
  private static final int PAGE = 4096;
  private static final ObjectMapper JSON = new ObjectMapper();

  SmallImage {
    layers = List.copyOf(layers);
  }

  ImageReference reference() throws InvalidReferenceException {
    return ImageReference.parse(REGISTRY + "/" + name + ":1");
  }

  /** The contents of its files by their paths, without a slash in front. */
  Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    layers.forEach(layer -> files.putAll(filesOf(layer)));
    return files;
  }

  private static Map<String, byte[]> filesOf(int layer) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("shared", ("layer " + layer).getBytes(UTF_8));
    for (int file = 0; file < FILES; file++) {
      byte[] bytes = new byte[FILE_BYTES];
      Trials.random(10L * layer + file + 1).nextBytes(bytes);
      files.put("layer" + layer + "-file" + file, bytes);
    }
    return files;
  }

  /** What a start might have read: every second page of some of its files. */
  List<HotFile> hotFiles(int first) {
    List<HotFile> hot = new ArrayList<>();
    for (int layer : layers) {
      List<ByteRange> ranges = new ArrayList<>();
      for (long at = 0; at < FILE_BYTES; at += 2 * PAGE) {
        ranges.add(new ByteRange(at, Math.min(PAGE, FILE_BYTES - at)));
      }
      hot.add(new HotFile("/layer" + layer + "-file" + first, ranges));
    }
    return hot;
  }

  /** Writes images as a layout. */
  static void writeLayout(Path directory, List<SmallImage> images) throws IOException {
    Path blobs = Files.createDirectories(directory.resolve("blobs").resolve("sha256"));
    List<Map<String, Object>> manifests = new ArrayList<>();
    for (SmallImage image : images) {
      Map<String, Object> entry = new TreeMap<>(image.writeManifest(blobs));
      entry.put(
          "annotations", Map.of("org.opencontainers.image.ref.name", image.reference().toString()));
      manifests.add(entry);
    }
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.write(
        directory.resolve("index.json"),
        JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", manifests)));
  }

  private Map<String, Object> writeManifest(Path blobs) throws IOException {
    List<Map<String, Object>> descriptors = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    List<Map<String, String>> history = new ArrayList<>();
    for (int layer : layers) {
      byte[] tar = tar(filesOf(layer));
      diffIds.add(nameOf(tar).toString());
      history.add(Map.of("created_by", "COPY layer" + layer + " /"));
      descriptors.add(write(blobs, gzip(tar), "application/vnd.oci.image.layer.v1.tar+gzip"));
    }
    Map<String, Object> config =
        Map.of(
            "architecture",
            Platform.host().architecture(),
            "os",
            "linux",
            "config",
            Map.of("Cmd", List.of("/layer0-file0")),
            "history",
            history,
            "rootfs",
            Map.of("type", "layers", "diff_ids", diffIds));
    Map<String, Object> manifest =
        Map.of(
            "schemaVersion",
            2,
            "mediaType",
            MANIFEST,
            "config",
            write(
                blobs, JSON.writeValueAsBytes(config), "application/vnd.oci.image.config.v1+json"),
            "layers",
            descriptors);
    return write(blobs, JSON.writeValueAsBytes(manifest), MANIFEST);
  }

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private static Map<String, Object> write(Path blobs, byte[] bytes, String mediaType)
      throws IOException {
    Digest name = nameOf(bytes);
    Files.write(blobs.resolve(name.hex()), bytes);
    return Map.of("mediaType", mediaType, "digest", name.toString(), "size", bytes.length);
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setModTime(0);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static Digest nameOf(byte[] bytes) {
    return Digest.sha256(Blob.sha256().digest(bytes));
  }
}
