package io.github.ndocker.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.PlatformNotFoundException;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.layer.LayerStream;
import io.github.ndocker.registry.TinyImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every source does. */
@Timeout(60)
abstract class ImageSourceContractTest {
  @TempDir java.nio.file.Path directory;
  private TinyImage tiny;
  private ImageSource source;

  /** A source that holds an image; it is closed by who makes it. */
  abstract ImageSource holding(TinyImage image) throws IOException;

  /** The name of the image there. */
  ImageReference reference() throws IOException {
    return ImageReference.parse("tiny");
  }

  @BeforeEach
  void makeAnImage() throws IOException {
    tiny = TinyImage.threeLayers();
    source = holding(tiny);
  }

  private ResolvedImage resolve() throws IOException {
    return source.resolve(reference(), Platform.host(), KnownImages.NONE, () -> false);
  }

  @Test
  void resolvesAnImageToItsConfigurationAndLayers() throws IOException {
    ResolvedImage image = resolve();
    assertArrayEquals(tiny.config(), image.rawConfig());
    assertEquals(3, image.layers().size());
    for (Layer layer : image.layers()) {
      assertEquals(tiny.layers().get(layer.position()).diffId(), layer.diffId());
    }
    assertTrue(ContentCheck.matches(image.manifestDigest(), image.rawManifest()));
  }

  @Test
  void opensEveryLayerAndTellsHowMuchHasCome() throws IOException {
    for (Layer layer : resolve().layers()) {
      AtomicLong arrived = new AtomicLong();
      try (InputStream raw = source.open(reference(), layer, arrived::set, () -> false);
          InputStream tar = LayerStream.open(raw)) {
        assertArrayEquals(tiny.layers().get(layer.position()).tar(), tar.readAllBytes());
        assertEquals(-1, raw.read());
      }
      assertEquals(layer.compressedBytes(), arrived.get());
    }
  }

  @Test
  void readsSeveralLayersInTurns() throws IOException {
    List<InputStream> open = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    List<Layer> layers = resolve().layers();
    for (Layer layer : layers) {
      open.add(source.open(reference(), layer, bytes -> {}, () -> false));
      counts.add(0L);
    }
    boolean more = true;
    byte[] piece = new byte[700];
    while (more) {
      more = false;
      for (int i = 0; i < open.size(); i++) {
        int count = open.get(i).read(piece);
        if (count > 0) {
          counts.set(i, counts.get(i) + count);
          more = true;
        }
      }
    }
    assertEquals(layers.stream().map(Layer::compressedBytes).toList(), counts);
    for (InputStream stream : open) {
      stream.close();
    }
  }

  @Test
  void givesUpWhenItIsCancelled() throws IOException {
    Layer layer = resolve().layers().get(0);
    assertThrows(
        NDockerException.class,
        () -> source.resolve(reference(), Platform.host(), KnownImages.NONE, () -> true));
    assertThrows(
        NDockerException.class, () -> source.open(reference(), layer, bytes -> {}, () -> true));
    AtomicBoolean cancelled = new AtomicBoolean();
    try (InputStream raw = source.open(reference(), layer, bytes -> {}, cancelled::get)) {
      assertTrue(raw.read() >= 0);
      cancelled.set(true);
      assertThrows(NDockerException.class, raw::readAllBytes);
    }
  }

  @Test
  void takesDocumentsThatAreKnownAndOnlyThose() throws IOException {
    ResolvedImage image = resolve();
    List<Digest> asked = new ArrayList<>();
    KnownImages right =
        manifest -> {
          asked.add(manifest);
          return Optional.of(new KnownImage(image.rawManifest(), image.rawConfig()));
        };
    KnownImages damaged = manifest -> Optional.of(new KnownImage(new byte[] {1}, new byte[] {2}));
    assertEquals(image, source.resolve(reference(), Platform.host(), right, () -> false));
    assertTrue(asked.contains(image.manifestDigest()));
    ResolvedImage again = source.resolve(reference(), Platform.host(), damaged, () -> false);
    assertArrayEquals(tiny.config(), again.rawConfig());
  }

  @Test
  void saysThatAnImageIsForAnotherPlatform() {
    Platform other = new Platform("plan9", "mips", "");
    assertThrows(
        PlatformNotFoundException.class,
        () -> source.resolve(reference(), other, KnownImages.NONE, () -> false));
  }
}
