package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.HostileRegistry.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MirrorsTest {
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults()
          .withStallTimeout(Duration.ofSeconds(1))
          .withTries(2, Duration.ofMillis(1));

  private static RegistryClient client(HostileRegistry registry, HostileRegistry... mirrors) {
    List<String> hosts = Arrays.stream(mirrors).map(HostileRegistry::host).toList();
    // whoever it is asked for, the login is that of the registry
    return new RegistryClient(
        IMPATIENT.withMirrors(registry.host(), hosts),
        host ->
            host.equals(registry.host())
                ? Optional.of(new Credentials.Login("me", "secret"))
                : Optional.empty());
  }

  private static byte[] fetchTop(RegistryClient client, HostileRegistry registry)
      throws IOException {
    ResolvedImage image = client.resolve(registry.reference(), Platform.host());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    client.fetch(
        registry.reference(),
        image.layers().get(image.layers().size() - 1),
        Channels.newChannel(bytes),
        arrived -> {},
        () -> false);
    return bytes.toByteArray();
  }

  @Test
  void aMirrorIsAskedFirst() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        HostileRegistry mirror = HostileRegistry.serving(image, Fault.NONE)) {
      assertArrayEquals(
          image.layers().get(2).compressed(), fetchTop(client(registry, mirror), registry));
      assertEquals(0, registry.requestsFor(""));
    }
  }

  @Test
  void theRegistryHasWhatMirrorsLackOrDoNotGive() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    for (Fault fault :
        List.of(
            Fault.MANIFEST_NOT_FOUND,
            Fault.LAYER_NOT_FOUND,
            Fault.SERVER_ERROR_ALWAYS,
            Fault.LOGIN_WANTED)) {
      try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
          HostileRegistry mirror = HostileRegistry.serving(image, fault)) {
        assertArrayEquals(
            image.layers().get(2).compressed(),
            fetchTop(client(registry, mirror), registry),
            fault.toString());
        assertEquals(List.of(), mirror.authorizations(), fault.toString());
      }
    }
  }

  @Test
  void aMirrorThatIsDownIsPassedOver() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    HostileRegistry down = HostileRegistry.serving(image, Fault.NONE);
    down.close();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.LOGIN_WANTED);
        HostileRegistry second = HostileRegistry.serving(image, Fault.LAYER_NOT_FOUND)) {
      assertArrayEquals(
          image.layers().get(2).compressed(), fetchTop(client(registry, down, second), registry));
      assertEquals(1, second.requestsFor("/manifests/latest"));
      assertFalse(registry.authorizations().isEmpty());
      assertEquals(List.of(), second.authorizations());
    }
  }

  @Test
  void aMirrorThatBreaksIsNotAskedAgain() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    for (Fault fault : List.of(Fault.LAYER_CONNECTION_BREAKS, Fault.LAYER_STALLS)) {
      try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
          HostileRegistry mirror = HostileRegistry.serving(image, fault)) {
        byte[] top = image.layers().get(2).compressed();
        assertArrayEquals(top, fetchTop(client(registry, mirror), registry), fault.toString());
        assertEquals(1, mirror.requestsFor(image.layers().get(2).digest().toString()));
        assertEquals(1, registry.requestsFor(image.layers().get(2).digest().toString()));
      }
    }
  }

  @Test
  void aMirrorIsAHost() {
    RegistryOptions options = RegistryOptions.defaults();
    for (String name : List.of("registry_mirror:5000", "example.org/path", "")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> options.withMirrors("docker.io", List.of(name)),
          name);
    }
  }

  @Test
  void theRegistryIsAskedIfAMirrorHasAWrongDocument() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    for (Fault fault : List.of(Fault.MANIFEST_IS_HTML, Fault.MANIFEST_WITH_WRONG_DIGEST_HEADER)) {
      try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
          HostileRegistry mirror = HostileRegistry.serving(image, fault)) {
        assertArrayEquals(
            image.layers().get(2).compressed(),
            fetchTop(client(registry, mirror), registry),
            fault.toString());
        assertEquals(1, mirror.requestsFor(""), fault.toString());
      }
    }
  }

  @Test
  void aMirrorThatStallsBeforeTheFirstByteIsPassedOver() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (LyingRegistry mirror = LyingRegistry.start().serving(image);
        HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE)) {
      mirror.on(
          "/blobs/" + image.layers().get(2).digest(),
          (request, reply) -> {
            reply.head(200, "Content-Length: " + image.layers().get(2).compressed().length);
            reply.stall();
          });
      RegistryClient client =
          new RegistryClient(
              IMPATIENT.withMirrors(registry.host(), List.of(mirror.host())),
              Credentials.anonymous());
      assertArrayEquals(image.layers().get(2).compressed(), fetchTop(client, registry));
    }
  }

  @Test
  void whatAMirrorServesMustBeRightToo() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        HostileRegistry mirror = HostileRegistry.serving(image, Fault.LAYER_OF_OTHER_BYTES)) {
      RegistryClient client = client(registry, mirror);
      assertThrows(DigestMismatchException.class, () -> fetchTop(client, registry));
      // from then on it is passed over
      assertArrayEquals(image.layers().get(2).compressed(), fetchTop(client, registry));
    }
  }
}
