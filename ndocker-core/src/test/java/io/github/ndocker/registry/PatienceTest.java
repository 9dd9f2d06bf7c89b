package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is too slow, and who only waits for us. */
@Timeout(20)
class PatienceTest {
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults()
          .withTries(2, Duration.ofMillis(1))
          .withStallTimeout(Duration.ofMillis(500));

  private static Layer top(RegistryClient client, LyingRegistry registry) throws IOException {
    return client.resolve(registry.reference(), Platform.host()).layers().get(2);
  }

  @Test
  void aReaderThatTakesItsTimeIsNotASlowSender() throws Exception {
    TinyImage image = TinyImage.withLayers(3, 1, 2 << 20);
    // no sender is that fast if the time of the reader is his, too
    RegistryClient client =
        new RegistryClient(IMPATIENT.withLeastBytesPerSecond(10_000_000), Credentials.anonymous());
    CountDownLatch never = new CountDownLatch(1);
    try (LyingRegistry registry = LyingRegistry.start().serving(image)) {
      Layer top = top(client, registry);
      try (InputStream in = client.open(registry.reference(), top, arrived -> {}, () -> false)) {
        byte[] begin = in.readNBytes(10);
        assertTrue(!never.await(700, TimeUnit.MILLISECONDS));
        byte[] rest = in.readAllBytes();
        assertEquals(top.compressedBytes(), begin.length + rest.length);
      }
    }
  }

  @Test
  void aTransferThatIsTooSlowGoesOnElsewhere() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    byte[] bytes = image.layers().get(2).compressed();
    try (LyingRegistry slow = LyingRegistry.start().serving(image);
        LyingRegistry registry = LyingRegistry.start().serving(image)) {
      slow.on(
          "/blobs/" + image.layers().get(2).digest(),
          (request, reply) -> {
            reply.head(200, "Content-Length: " + bytes.length);
            for (int at = 0; at < bytes.length; at++) {
              reply.write(Arrays.copyOfRange(bytes, at, at + 1));
              reply.pause();
            }
          });
      RegistryClient client =
          new RegistryClient(
              IMPATIENT.withMirrors(registry.host(), List.of(slow.host())),
              Credentials.anonymous());
      Layer top = top(client, registry);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      client.fetch(registry.reference(), top, Channels.newChannel(all), arrived -> {}, () -> false);
      assertArrayEquals(bytes, all.toByteArray());
      assertTrue(
          registry.requests().stream().anyMatch(request -> request.header("range").isPresent()));
    }
  }

  @Test
  void whoeverAllowsAnyRateWaitsForEachByte() throws IOException {
    byte[] manifest = TinyImage.threeLayers().manifest();
    try (LyingRegistry registry = LyingRegistry.start().serving(TinyImage.threeLayers())) {
      registry.on(
          "/manifests/latest",
          (request, reply) -> {
            reply.head(200, "Content-Length: " + manifest.length);
            for (int at = 0; at < manifest.length; at += 20) {
              reply.write(Arrays.copyOfRange(manifest, at, Math.min(at + 20, manifest.length)));
              reply.pause();
            }
          });
      assertEquals(
          3,
          new RegistryClient(IMPATIENT.withLeastBytesPerSecond(0), Credentials.anonymous())
              .resolve(registry.reference(), Platform.host())
              .layers()
              .size());
      assertThrows(
          TransferStalledException.class,
          () ->
              new RegistryClient(IMPATIENT.withLeastBytesPerSecond(10_000), Credentials.anonymous())
                  .resolve(registry.reference(), Platform.host()));
    }
  }

  @Test
  void aRateIsNotNegative() {
    RegistryOptions options = RegistryOptions.defaults();
    assertThrows(IllegalArgumentException.class, () -> options.withLeastBytesPerSecond(-1));
  }

  /** The hash of nothing is what a hash has that was taken already. */
  @Test
  void aLayerThatWasWrongStaysWrong() throws IOException {
    Digest nothing = TinyLayer.sha256(new byte[0]);
    Layer layer = new Layer(0, nothing, 3, new DiffId(nothing));
    try (LyingRegistry registry = LyingRegistry.start().blob(nothing, new byte[] {1, 2, 3});
        InputStream in =
            new RegistryClient(IMPATIENT, Credentials.anonymous())
                .open(registry.reference(), layer, arrived -> {}, () -> false)) {
      assertEquals(3, in.readNBytes(3).length);
      assertThrows(DigestMismatchException.class, in::read);
      assertThrows(IOException.class, in::read);
    }
  }
}
