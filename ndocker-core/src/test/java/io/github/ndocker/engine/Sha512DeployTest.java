package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.registry.LyingRegistry;
import io.github.ndocker.registry.Sha512Image;
import io.github.ndocker.registry.TinyImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Images that are named by sha512 from the manifest to the compressed layers. */
@Timeout(20)
class Sha512DeployTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void anImageOfSha512IsPinnedDeployedAndFoundAgain(Pipeline pipeline) throws IOException {
    Host host = Host.in(directory).withPipeline(pipeline);
    TinyImage image = TinyImage.threeLayers();
    ImageReference pinned;
    try (LyingRegistry registry = LyingRegistry.start();
        NDocker engine = host.open()) {
      pinned = Sha512Image.serve(registry, image);
      engine.deploy(pinned, NOBODY);
    }
    try (NDocker engine = host.open()) {
      assertEquals(pinned.toString(), engine.images().get(0));
    }
    assertTrue(host.holds(image));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void anImagePinnedByAnotherSha512IsRefused(Pipeline pipeline) throws IOException {
    Host host = Host.in(directory).withPipeline(pipeline);
    TinyImage image = TinyImage.threeLayers();
    Digest wrong = Sha512Image.of(new byte[] {1});
    try (LyingRegistry registry = LyingRegistry.start().serving(image);
        NDocker engine = host.open()) {
      registry.manifest(wrong.toString(), MediaTypes.OCI_MANIFEST, image.manifest());
      Map<String, Long> before = host.files();
      DigestMismatchException refused =
          assertThrows(
              DigestMismatchException.class,
              () -> engine.deploy(registry.reference().at(wrong), NOBODY));
      assertEquals(wrong, refused.expected());
      assertEquals(Sha512Image.of(image.manifest()), refused.found());
      assertEquals(before, host.files());
    }
  }
}
