package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.PlatformNotFoundException;
import io.github.ndocker.image.ResolvedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the registry of the Docker distribution. */
@Timeout(60)
class RegistryClientTest {
  private static DockerRegistry registry;

  private final RegistryClient client = new RegistryClient();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    assumeTrue(DockerRegistry.isInstalled(), "needs docker-registry and skopeo");
    registry = DockerRegistry.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void fetchesAnOciImageByteForByte(@TempDir Path layout) throws Exception {
    TinyImage tiny = TinyImage.threeLayers();
    ImageReference reference = registry.push(tiny.writeLayout(layout), TinyImage.TAG);
    ResolvedImage image = client.resolve(reference, Platform.host());
    assertArrayEquals(tiny.manifest(), image.rawManifest());
    assertEquals(List.of("/hello"), image.config().cmd());
    for (Layer layer : image.layers()) {
      assertEquals(tiny.layers().get(layer.position()).diffId(), layer.diffId());
      assertArrayEquals(tiny.layers().get(layer.position()).compressed(), fetch(reference, layer));
    }
  }

  @Test
  void resolvesAPinnedImage(@TempDir Path layout) throws Exception {
    TinyImage tiny = TinyImage.withLayers(2, 1, 10);
    ImageReference reference = registry.push(tiny.writeLayout(layout), TinyImage.TAG);
    ResolvedImage image = client.resolve(reference.at(tiny.manifestDigest()), Platform.host());
    assertEquals(tiny.manifestDigest(), image.manifestDigest());
    assertEquals(2, image.layers().size());
  }

  @Test
  void resolvesAManifestOfDockersSchema2(@TempDir Path layout) throws Exception {
    TinyImage tiny = TinyImage.withLayers(4, 2, 100);
    ImageReference reference =
        registry.pushAsDockerSchema2(tiny.writeLayout(layout), TinyImage.TAG);
    ResolvedImage image = client.resolve(reference, Platform.host());
    assertEquals(4, image.layers().size());
    assertEquals(tiny.layers().get(3).diffId(), image.layers().get(3).diffId());
  }

  @Test
  void choosesThePlatformFromAnIndex(@TempDir Path layout) throws Exception {
    TinyImage tiny = TinyImage.withLayers(3, 1, 50);
    registry.push(tiny.writeLayout(layout), TinyImage.TAG);
    byte[] index = index(tiny);
    registry.putManifest(TinyImage.TAG, "many", MediaTypes.OCI_INDEX, index);
    ImageReference many =
        ImageReference.parse(registry.host() + "/library/" + TinyImage.TAG + ":many");
    assertEquals(tiny.manifestDigest(), client.resolve(many, Platform.host()).manifestDigest());
    assertThrows(
        PlatformNotFoundException.class,
        () -> client.resolve(many, new Platform("plan9", "mips", "")));
  }

  private static byte[] index(TinyImage tiny) throws IOException {
    Map<String, Object> entry =
        new HashMap<>(TinyImage.descriptor(MediaTypes.OCI_MANIFEST, tiny.manifest()));
    entry.put("platform", Map.of("os", "linux", "architecture", Platform.host().architecture()));
    Map<String, Object> attestation = new HashMap<>(entry);
    attestation.put("platform", Map.of("os", "unknown", "architecture", "unknown"));
    return new ObjectMapper()
        .writeValueAsBytes(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MediaTypes.OCI_INDEX,
                "manifests",
                List.of(attestation, entry)));
  }

  @Test
  void fetchesEveryLayerOfARealImage() throws Exception {
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "needs the images of make-images");
    ImageReference reference = registry.push(Path.of(images, "oci"), "redis");
    ResolvedImage image = client.resolve(reference, Platform.host());
    assertEquals(6, image.layers().size());
    for (Layer layer : image.layers()) {
      AtomicLong arrived = new AtomicLong();
      client.fetch(
          reference,
          layer,
          Channels.newChannel(OutputStream.nullOutputStream()),
          arrived::set,
          () -> false);
      assertEquals(layer.compressedBytes(), arrived.get());
    }
  }

  @Test
  void aTagThatWasNeverPushedIsNotFound() {
    assertThrows(
        ImageNotFoundException.class,
        () -> client.resolve(registry.reference("never"), Platform.host()));
  }

  private byte[] fetch(ImageReference reference, Layer layer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    client.fetch(reference, layer, Channels.newChannel(bytes), arrived -> {}, () -> false);
    return bytes.toByteArray();
  }
}
