package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login is shown where the registry is, and nowhere it sends us to. */
@Timeout(20)
class RedirectTest {
  private static final String LOGIN = "Basic bWU6aHVudGVyMg=="; // me:hunter2

  @TempDir static Path directory;
  private static SSLContext tls;
  private static TinyImage image;

  @BeforeAll
  static void makeACertificateAndAnImage() throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("server");
    tls =
        RegistryTls.trusting(
            certificates.authority(),
            certificates.certificate("server"),
            certificates.key("server"));
    image = TinyImage.threeLayers();
  }

  /** A registry that wants a login and keeps its top layer at another address. */
  private static LyingRegistry redirecting(LyingRegistry registry, String location) {
    registry.serving(image);
    registry.on("/manifests/latest", RedirectTest::manifestForWhoLogsIn);
    return registry.on(
        "/blobs/" + image.layers().get(2).digest(),
        (request, reply) -> reply.send(307, "Location: " + location));
  }

  private static void manifestForWhoLogsIn(LyingRegistry.Request request, LyingRegistry.Reply reply)
      throws IOException {
    if (request.header("authorization").isEmpty()) {
      reply.send(401, "WWW-Authenticate: Basic realm=\"tiny\"");
    } else {
      reply.send(MediaTypes.OCI_MANIFEST, image.manifest());
    }
  }

  private static LyingRegistry holding(LyingRegistry registry) {
    return registry.on(
        "/elsewhere",
        (request, reply) ->
            reply.send("application/octet-stream", image.layers().get(2).compressed()));
  }

  private static byte[] fetchTop(LyingRegistry registry, RegistryOptions options)
      throws IOException {
    return fetchTop(registry, options, 1);
  }

  private static byte[] fetchTop(LyingRegistry registry, RegistryOptions options, int tries)
      throws IOException {
    RegistryClient client =
        new RegistryClient(
            options.withTries(tries, Duration.ofMillis(1)).withStallTimeout(Duration.ofSeconds(5)),
            host ->
                host.equals(registry.host())
                    ? Optional.of(new Credentials.Login("me", "hunter2"))
                    : Optional.empty());
    ResolvedImage resolved = client.resolve(registry.reference(), Platform.host());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    client.fetch(
        registry.reference(),
        resolved.layers().get(2),
        Channels.newChannel(bytes),
        arrived -> {},
        () -> false);
    return bytes.toByteArray();
  }

  private static void followsWithoutTheLogin(
      LyingRegistry registry, LyingRegistry other, RegistryOptions options) throws IOException {
    assertArrayEquals(image.layers().get(2).compressed(), fetchTop(registry, options));
    assertTrue(registry.authorizations().contains(LOGIN));
    assertEquals(1, other.requests().size());
    assertEquals(List.of(), other.authorizations());
  }

  @Test
  void toTheSameSchemeHostAndPortTheLoginIsShown() throws IOException {
    try (LyingRegistry registry = redirecting(LyingRegistry.start(), "/elsewhere")) {
      holding(registry);
      assertArrayEquals(
          image.layers().get(2).compressed(), fetchTop(registry, RegistryOptions.defaults()));
      LyingRegistry.Request last = registry.requests().get(registry.requests().size() - 1);
      assertEquals("/elsewhere", last.path());
      assertEquals(LOGIN, last.header("authorization").orElseThrow());
    }
  }

  @ParameterizedTest(name = "of {0}")
  @ValueSource(strings = {"another host", "another port"})
  void toAnotherHostOrPortItIsNot(String difference) throws IOException {
    String name = difference.equals("another host") ? "localhost" : "127.0.0.1";
    try (LyingRegistry other = holding(LyingRegistry.start(name));
        LyingRegistry registry =
            redirecting(LyingRegistry.start(), "http://" + other.host() + "/elsewhere")) {
      followsWithoutTheLogin(registry, other, RegistryOptions.defaults());
    }
  }

  @Test
  void fromAnotherHostBackToTheRegistryItIsNot() throws IOException {
    try (LyingRegistry other = LyingRegistry.start();
        LyingRegistry registry =
            redirecting(LyingRegistry.start(), "http://" + other.host() + "/there")) {
      holding(registry);
      other.on(
          "/there",
          (request, reply) ->
              reply.send(307, "Location: http://" + registry.host() + "/elsewhere"));
      assertArrayEquals(
          image.layers().get(2).compressed(), fetchTop(registry, RegistryOptions.defaults()));
      LyingRegistry.Request last = registry.requests().get(registry.requests().size() - 1);
      assertEquals("/elsewhere", last.path());
      assertTrue(last.header("authorization").isEmpty(), "the other host chose the path");
    }
  }

  @Test
  void fromHttpsToPlainHttpOfAListedHostItIsNot() throws IOException {
    try (LyingRegistry other = holding(LyingRegistry.start());
        LyingRegistry registry =
            redirecting(LyingRegistry.start(tls), "http://" + other.host() + "/elsewhere")) {
      followsWithoutTheLogin(
          registry, other, RegistryOptions.defaults().withTls(registry.host(), tls));
    }
  }

  @Test
  void fromPlainHttpToHttpsItIsNot() throws IOException {
    try (LyingRegistry other = holding(LyingRegistry.start(tls));
        LyingRegistry registry =
            redirecting(LyingRegistry.start(), "https://" + other.host() + "/elsewhere")) {
      followsWithoutTheLogin(
          registry, other, RegistryOptions.defaults().withTls(other.host(), tls));
    }
  }

  @Test
  void fromHttpsToPlainHttpOfTheSameHostIsRefused() throws IOException {
    try (LyingRegistry registry = LyingRegistry.start(tls)) {
      redirecting(registry, "http://" + registry.host() + "/elsewhere");
      RegistryException refused =
          assertThrows(
              RegistryException.class,
              () -> fetchTop(registry, RegistryOptions.defaults().withTls(registry.host(), tls)));
      assertTrue(refused.getMessage().contains("not HTTPS"), refused.getMessage());
    }
  }

  @Test
  void aLoginThatIsWantedElsewhereIsNotGiven() throws IOException {
    try (LyingRegistry other = LyingRegistry.start();
        LyingRegistry registry =
            redirecting(LyingRegistry.start(), "http://" + other.host() + "/elsewhere")) {
      other.on(
          "/elsewhere",
          (request, reply) -> reply.send(401, "WWW-Authenticate: Basic realm=\"tiny\""));
      assertThrows(
          UnauthorizedException.class, () -> fetchTop(registry, RegistryOptions.defaults()));
      assertEquals(List.of(), other.authorizations());
    }
  }

  @Test
  void theUrlsOfALayerAreNotAsked() throws IOException {
    try (LyingRegistry other = LyingRegistry.start();
        LyingRegistry registry = LyingRegistry.start().serving(image)) {
      registry.manifest(
          "latest",
          MediaTypes.OCI_MANIFEST,
          EditedJson.ofLayer(
              image,
              2,
              layer -> layer.putArray("urls").add("http://" + other.host() + "/elsewhere")));
      holding(other);
      assertArrayEquals(
          image.layers().get(2).compressed(), fetchTop(registry, RegistryOptions.defaults()));
      assertEquals(List.of(), other.requests());
    }
  }

  @Test
  void aRangeIsAskedForElsewhereToo() throws IOException {
    byte[] top = image.layers().get(2).compressed();
    try (LyingRegistry other = LyingRegistry.start();
        LyingRegistry registry =
            redirecting(LyingRegistry.start(), "http://" + other.host() + "/elsewhere")) {
      other.on(
          "/elsewhere",
          (request, reply) -> {
            if (request.header("range").isEmpty()) {
              reply.head(200);
              reply.write(Arrays.copyOf(top, 1_000));
            } else {
              reply.send("application/octet-stream", top);
            }
          });
      assertArrayEquals(top, fetchTop(registry, RegistryOptions.defaults(), 2));
      assertEquals("bytes=1000-", other.requests().get(1).header("range").orElseThrow());
    }
  }
}
