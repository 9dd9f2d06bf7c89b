package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.source.OciLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * An image of one layer for each of its parts; parts of the same name are the same layer. A start
 * reads the first {@link #HOT} bytes of one file of each part.
 */
record TracedImage(
    ImageReference reference, TinyImage image, Path layout, Map<String, byte[]> files) {
  static final int HOT = 163_840;
  private static final int COLD = 50_000;

  static TracedImage make(Path directory, String name, String... parts) throws IOException {
    List<TinyLayer> layers = new ArrayList<>();
    Map<String, byte[]> files = new TreeMap<>();
    for (String part : parts) {
      byte[] content = new byte[HOT + COLD];
      new Random(part.hashCode()).nextBytes(content);
      files.put(part + "/file", content);
      layers.add(
          TinyLayer.of("ADD " + part, Map.of(part + "/", new byte[0], part + "/file", content)));
    }
    TinyImage image = TinyImage.of(layers);
    Path layout = image.writeLayout(Files.createDirectories(directory.resolve("layouts/" + name)));
    ImageReference reference = ImageReference.parse(name);
    Path index = layout.resolve("index.json");
    Files.writeString(
        index, Files.readString(index).replace("\"" + TinyImage.TAG + '"', "\"" + reference + '"'));
    return new TracedImage(reference, image, layout, files);
  }

  /** As reports have it. */
  String name() {
    return reference.toString();
  }

  /** Deploys it, and takes in what its starts read. */
  TracedImage deploy(NDocker engine) throws IOException {
    engine.deploy(reference, OciLayout.open(layout), progress -> {});
    Map<String, Long> read = new TreeMap<>();
    files.keySet().forEach(file -> read.put(file, (long) HOT));
    return traced(engine, read);
  }

  /** Takes in that its starts read so many bytes of some files, and nothing else. */
  TracedImage traced(NDocker engine, Map<String, Long> bytes) throws IOException {
    List<HotFile> read = new ArrayList<>();
    bytes.forEach(
        (file, length) -> read.add(new HotFile("/" + file, List.of(new ByteRange(0, length)))));
    Profile profile = Profile.ofOneRun(engine.inspect(reference).chainId(), "w", true, read);
    engine.importProfile(reference, "w", ProfileDocument.write(profile), true);
    return this;
  }

  /** Starts it once, as far as that counts, and reads all there is. */
  void start(NDocker engine) throws IOException {
    try (RootFilesystem mounted = engine.mount(reference)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        assertArrayEquals(
            file.getValue(),
            Files.readAllBytes(mounted.root().resolve(file.getKey())),
            reference + " " + file.getKey());
      }
    }
  }

  BudgetedImage in(NDocker engine) throws IOException {
    return engine.hotBudget().images().stream()
        .filter(image -> image.reference().equals(reference.toString()))
        .findFirst()
        .orElseThrow();
  }

  void assertResident(NDocker engine, boolean expected) throws IOException {
    assertTrue(in(engine).resident() == expected, in(engine).toString());
  }
}
