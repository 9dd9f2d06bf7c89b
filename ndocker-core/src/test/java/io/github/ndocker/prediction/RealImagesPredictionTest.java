package io.github.ndocker.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.engine.Host;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.hotfile.StaticAnalysis;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.source.OciLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The images of {@code make-images}, deployed without root, started never. */
class RealImagesPredictionTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "debian, '', /usr/bin/bash",
    "redis, 3 5, /usr/local/bin/docker-entrypoint.sh /usr/bin/redis-check-rdb /usr/sbin/gosu",
    "nginx, 2 3 4 5, /docker-entrypoint.sh /usr/sbin/nginx /etc/nginx/nginx.conf",
    "python, 2, /usr/bin/python3.11 /usr/lib/x86_64-linux-gnu/libc.so.6"
  })
  void haveHotLayersAndAPredictionWithTheirPrograms(String image, String hotLayers, String files)
      throws IOException {
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "needs the images of make-images");
    ImageReference reference = ImageReference.parse(image);
    List<ImageEvidence> seen = new ArrayList<>();
    try (NDocker engine =
        Host.in(directory)
            .builder()
            .detector(
                evidence -> {
                  seen.add(evidence);
                  return new HotSet(List.of(), List.of());
                })
            .open()) {
      engine.deploy(reference, OciLayout.open(Path.of(images, "oci")), progress -> {});
      engine.settle(reference);
      ImageEvidence evidence = seen.get(seen.size() - 1);
      assertEquals(
          hotLayers,
          new StaticAnalysis()
              .detect(evidence).layers().stream()
                  .map(HotLayer::position)
                  .map(String::valueOf)
                  .collect(Collectors.joining(" ")));
      List<HotFile> predicted = new PredictedFiles().detect(evidence).files();
      List<String> paths = predicted.stream().map(HotFile::path).toList();
      for (String wanted : files.split(" ", -1)) {
        assertTrue(paths.contains(wanted), wanted + " in " + paths);
      }
      long bytes = predicted.stream().mapToLong(HotFile::bytes).sum();
      assertTrue(bytes < evidence.files().orElseThrow().bytes() / 4, bytes + " bytes");
    }
  }

  @Test
  void aPredictionCanBePromotedWithoutAnyStart() throws IOException {
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "needs the images of make-images");
    ImageReference reference = ImageReference.parse("redis");
    try (NDocker engine = Host.in(directory).builder().detector(new PredictedFiles()).open()) {
      engine.deploy(reference, OciLayout.open(Path.of(images, "oci")), progress -> {});
      long packed = engine.settle(reference).packedBytes();
      assertTrue(packed > 10_000_000 && packed < 30_000_000, packed + " bytes");
    }
  }
}
