package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.registry.LyingRegistry.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How registries ask for logins and tokens, as they should and as they should not. */
@Timeout(20)
class ChallengesTest {
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults()
          .withTries(2, Duration.ofMillis(1))
          .withStallTimeout(Duration.ofMillis(800));

  private static final String BASIC = "Basic bWU6aHVudGVyMg=="; // me:hunter2

  /** An image for whoever shows this; a challenge for everybody else. */
  private static LyingRegistry guarded(LyingRegistry registry, String key, String challenge)
      throws IOException {
    TinyImage image = TinyImage.threeLayers();
    registry.serving(image);
    return registry.on(
        "/manifests/latest",
        (request, reply) -> {
          if (request.header("authorization").orElse("").equals(key)) {
            reply.send(MediaTypes.OCI_MANIFEST, image.manifest());
          } else {
            reply.send(401, "WWW-Authenticate: " + challenge);
          }
        });
  }

  private static String realm(String address) {
    return "Bearer realm=\""
        + address
        + "\",service=\"tiny\",scope=\"repository:library/tiny:pull\"";
  }

  private static Answer json(String text) {
    return (request, reply) -> reply.send("application/json", text.getBytes(UTF_8));
  }

  private static int layers(LyingRegistry registry, Optional<Credentials.Login> login)
      throws IOException {
    return new RegistryClient(
            IMPATIENT, host -> host.equals(registry.host()) ? login : Optional.empty())
        .resolve(registry.reference(), Platform.host())
        .layers()
        .size();
  }

  private static Optional<Credentials.Login> me() {
    return Optional.of(new Credentials.Login("me", "hunter2"));
  }

  @Test
  void aLoginIsShownOnlyToWhoAsksForIt() throws IOException {
    try (LyingRegistry registry =
        guarded(LyingRegistry.start(), BASIC, "Basic realm=\"tiny\", charset=\"UTF-8\"")) {
      assertEquals(3, layers(registry, me()));
      assertEquals(Optional.empty(), registry.requests().get(0).header("authorization"));
    }
    try (LyingRegistry open = LyingRegistry.start().serving(TinyImage.threeLayers())) {
      assertEquals(3, layers(open, me()));
      assertEquals(List.of(), open.authorizations());
    }
  }

  @Test
  void aTokenServiceOnAnotherHostGetsTheLoginAndTheRegistryOnlyTheToken() throws IOException {
    try (LyingRegistry service = LyingRegistry.start("localhost");
        LyingRegistry registry =
            guarded(
                LyingRegistry.start(),
                "Bearer t0ken",
                realm("http://" + service.host() + "/token"))) {
      service.on("/token", json("{\"access_token\":\"t0ken\",\"expires_in\":60}"));
      assertEquals(3, layers(registry, me()));
      assertEquals(List.of(BASIC), service.authorizations());
      assertTrue(registry.authorizations().stream().allMatch("Bearer t0ken"::equals));
      assertEquals(
          "/token?service=tiny&scope=repository%3Alibrary%2Ftiny%3Apull",
          service.requests().get(0).path());
    }
  }

  @Test
  void aTokenServiceIsAskedWithoutALoginIfThereIsNone() throws IOException {
    try (LyingRegistry registry = LyingRegistry.start()) {
      guarded(registry, "Bearer t0ken", realm("http://" + registry.host() + "/token"))
          .on("/token", json("{\"token\":\"t0ken\"}"));
      assertEquals(3, layers(registry, Optional.empty()));
    }
  }

  @Test
  void aTokenThatHasExpiredIsFetchedAgain() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    AtomicInteger tokens = new AtomicInteger();
    Set<Integer> used = ConcurrentHashMap.newKeySet();
    try (LyingRegistry registry = LyingRegistry.start().serving(image)) {
      registry.on(
          "/token",
          (request, reply) ->
              json("{\"token\":\"t" + tokens.incrementAndGet() + "\"}").to(request, reply));
      registry.on(
          "/manifests/latest",
          (request, reply) -> {
            boolean current =
                request.header("authorization").orElse("").equals("Bearer t" + tokens.get());
            // each token is good for one request
            if (current && used.add(tokens.get())) {
              reply.send(MediaTypes.OCI_MANIFEST, image.manifest());
            } else {
              reply.send(401, "WWW-Authenticate: " + realm("http://" + registry.host() + "/token"));
            }
          });
      RegistryClient client = new RegistryClient(IMPATIENT, Credentials.anonymous());
      assertEquals(3, client.resolve(registry.reference(), Platform.host()).layers().size());
      assertEquals(3, client.resolve(registry.reference(), Platform.host()).layers().size());
      assertEquals(2, tokens.get());
    }
  }

  @Test
  void anIdentityTokenIsNoPassword() throws IOException {
    try (LyingRegistry registry = guarded(LyingRegistry.start(), BASIC, "Basic realm=\"tiny\"")) {
      assertThrows(
          UnauthorizedException.class,
          () -> layers(registry, Optional.of(Credentials.Login.identityToken("hunter2"))));
      assertEquals(List.of(), registry.authorizations());
    }
  }

  @Test
  void theSecondOfTwoChallengesIsAnsweredIfTheFirstCannotBe() throws IOException {
    try (LyingRegistry registry =
        guarded(
            LyingRegistry.start(), BASIC, "Negotiate\r\nWWW-Authenticate: Basic realm=\"tiny\"")) {
      assertEquals(3, layers(registry, me()));
    }
  }

  @Test
  void aHostileMirrorGetsNoLoginOfTheRegistry() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (LyingRegistry registry = LyingRegistry.start().serving(image);
        LyingRegistry mirror = LyingRegistry.start()) {
      guarded(mirror, BASIC, realm("http://" + mirror.host() + "/token"))
          .on("/token", json("{\"token\":\"t0ken\"}"));
      RegistryClient client =
          new RegistryClient(
              IMPATIENT.withMirrors(registry.host(), List.of(mirror.host())),
              host -> host.equals(registry.host()) ? me() : Optional.empty());
      assertEquals(3, client.resolve(registry.reference(), Platform.host()).layers().size());
      assertTrue(mirror.requests().size() > 1);
      assertFalse(mirror.authorizations().contains(BASIC));
    }
  }

  /** What a registry, or its token service, may answer instead of letting us in. */
  private record Refusal(
      String name,
      Class<? extends IOException> refusedAs,
      String says,
      String challenge,
      Answer token) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Refusal token(
      String name, Class<? extends IOException> refusedAs, String says, Answer token) {
    return new Refusal(name, refusedAs, says, realm("http://HOST/token"), token);
  }

  private static Refusal challenge(
      String name, Class<? extends IOException> refusedAs, String says, String challenge) {
    return new Refusal(name, refusedAs, says, challenge, json("{\"token\":\"hunter2\"}"));
  }

  private static Refusal realmOf(String name, String says, String address) {
    return challenge(name, RegistryException.class, says, realm(address));
  }

  static Stream<Refusal> refusals() {
    return Stream.concat(refusedChallenges(), refusedTokens());
  }

  private static Stream<Refusal> refusedChallenges() {
    String denied = "access denied";
    Class<UnauthorizedException> unauthorized = UnauthorizedException.class;
    return Stream.of(
        challenge("no challenge", unauthorized, denied, ""),
        challenge("a challenge of another kind", unauthorized, denied, "Negotiate"),
        challenge("a login that is refused", unauthorized, denied, "Basic realm=\"tiny\""),
        challenge(
            "a challenge of 20,000 letters",
            unauthorized,
            denied,
            "Bearer realm=\"" + "x".repeat(20_000) + "\""),
        realmOf("a realm that is a file", "without a host", "file:///etc/passwd"),
        realmOf(
            "a realm with a login in it", "with a login in it", "https://me:hunter2@192.0.2.1/"),
        realmOf(
            "a realm by plain HTTP of a host that is not listed", "not HTTPS", "http://192.0.2.1/"),
        realmOf("a realm that is no address", "no usable address", "http://[hunter2"),
        realmOf("a realm that is missing", "without a host", ""));
  }

  private static Stream<Refusal> refusedTokens() {
    return Stream.of(
        token(
            "a token that the registry refuses",
            UnauthorizedException.class,
            "access denied",
            json("{\"token\":\"hunter2\"}")),
        token(
            "a token service that refuses the login",
            UnauthorizedException.class,
            "access denied",
            (request, reply) -> reply.send(401)),
        token(
            "a token service that is out of order",
            RegistryException.class,
            "does not answer as it should",
            (request, reply) -> reply.send(500)),
        token(
            "a token service that sends elsewhere",
            RegistryException.class,
            "does not answer as it should",
            (request, reply) -> reply.send(307, "Location: http://192.0.2.1/hunter2")),
        token(
            "a token service that stalls",
            TransferStalledException.class,
            "no byte came",
            (request, reply) -> reply.stall()),
        token(
            "a token service that is busy for an hour",
            RegistryBusyException.class,
            "3600 s",
            (request, reply) -> reply.send(429, "Retry-After: 3600")),
        token(
            "a token that comes one byte at a time, for ever",
            TransferStalledException.class,
            "bytes came in",
            (request, reply) -> {
              reply.head(200);
              reply.trickle();
            }),
        token(
            "a token of 1 GB",
            AnswerTooLargeException.class,
            "more than 1048576 bytes",
            (request, reply) -> {
              reply.head(200);
              reply.repeat("hunter2".repeat(10_000).getBytes(UTF_8), 1L << 30);
            }),
        token(
            "a token that is no JSON",
            RegistryException.class,
            "did not answer with JSON",
            json("hunter2")),
        token(
            "a token that nests a thousand levels deep",
            RegistryException.class,
            "",
            json("{\"token\":".repeat(10_000))),
        token(
            "a token that ends the header it is put into",
            RegistryException.class,
            "no usable token",
            json("{\"token\":\"hunter2\\r\\nX-Evil: 1\"}")),
        token("no token", RegistryException.class, "no usable token", json("{\"hunter2\":1}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void isRefusedWithoutQuotingASecret(Refusal refusal) throws IOException {
    try (LyingRegistry registry = LyingRegistry.start()) {
      guarded(registry, "nothing", refusal.challenge().replace("HOST", registry.host()))
          .on("/token", refusal.token());
      IOException refused = assertThrowsExactly(refusal.refusedAs(), () -> layers(registry, me()));
      assertTrue(String.valueOf(refused.getMessage()).contains(refusal.says()), refused.toString());
      for (Throwable told = refused; told != null; told = told.getCause()) {
        assertFalse(told.toString().contains("hunter2"), "a secret is quoted");
        assertFalse(told.toString().contains(BASIC), "a secret is quoted");
      }
      assertTrue(registry.requests().size() < 10, registry.requests().size() + " requests");
      assertTrue(registry.sentBytes() < 32 << 20, registry.sentBytes() + " bytes taken");
    }
  }
}
