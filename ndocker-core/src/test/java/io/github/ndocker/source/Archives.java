package io.github.ndocker.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Archives of images, entry by entry. */
public final class Archives {
  static final ObjectMapper JSON = new ObjectMapper();

  private Archives() {}

  /** A directory as a tar with the paths below it. */
  public static TarBuilder tar(Path directory) throws IOException {
    TarBuilder tar = new TarBuilder();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path file : walk.sorted().toList()) {
        String name = directory.relativize(file).toString();
        if (Files.isRegularFile(file)) {
          tar.entry('0', name, "", Files.readAllBytes(file));
        } else if (!name.isEmpty()) {
          tar.directory(name + "/");
        }
      }
    }
    return tar;
  }

  /**
   * What {@code docker save} wrote before version 25: a directory for each layer, with a link where
   * a layer comes twice.
   */
  public static TarBuilder saved(TinyImage image, String... repoTags) throws IOException {
    TarBuilder tar = new TarBuilder();
    Map<String, String> firsts = new HashMap<>();
    List<String> layers = new ArrayList<>();
    for (TinyLayer layer : image.layers()) {
      String directory = TinyLayer.sha256(new byte[] {(byte) layers.size()}).hex();
      String path = directory + "/layer.tar";
      tar.directory(directory + "/").file(directory + "/VERSION", "1.0");
      String first = firsts.putIfAbsent(layer.diffId().toString(), path);
      if (first == null) {
        tar.entry('0', path, "", layer.tar());
      } else {
        tar.symlink(path, "../" + first);
      }
      layers.add(path);
    }
    String config = TinyLayer.sha256(image.config()).hex() + ".json";
    tar.entry('0', config, "", image.config());
    return tar.entry('0', "manifest.json", "", manifest(config, layers, repoTags));
  }

  static byte[] manifest(String config, List<String> layers, String... repoTags)
      throws IOException {
    return JSON.writeValueAsBytes(
        List.of(Map.of("Config", config, "RepoTags", List.of(repoTags), "Layers", layers)));
  }

  /** A layout's index that names the image like this; without annotations if there are none. */
  static byte[] index(TinyImage image, Map<String, String> annotations) throws IOException {
    Map<String, Object> entry =
        new HashMap<>(
            TinyImage.descriptor("application/vnd.oci.image.manifest.v1+json", image.manifest()));
    entry.put("annotations", annotations);
    return index(List.of(entry));
  }

  static byte[] index(List<Map<String, Object>> entries) throws IOException {
    return JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", entries));
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }
}
