package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.HostileRegistry.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client does when a registry is broken or means harm; each case in bounded time. */
@Timeout(10)
class HostileRegistryTest {
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults()
          .withStallTimeout(Duration.ofSeconds(1))
          .withTries(3, Duration.ofMillis(1));

  private final RegistryClient client = new RegistryClient(IMPATIENT, Credentials.anonymous());

  @Test
  void resolvesAndFetchesWhatIsServedAsItShould() throws IOException {
    TinyImage tiny = TinyImage.threeLayers();
    try (HostileRegistry registry = HostileRegistry.serving(tiny, Fault.NONE)) {
      ResolvedImage image = resolve(registry);
      assertEquals(tiny.manifestDigest(), image.manifestDigest());
      assertArrayEquals(tiny.manifest(), image.rawManifest());
      assertArrayEquals(tiny.config(), image.rawConfig());
      List<Long> progress = new ArrayList<>();
      for (Layer layer : image.layers()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        client.fetch(
            registry.reference(), layer, Channels.newChannel(bytes), progress::add, () -> false);
        assertArrayEquals(tiny.layers().get(layer.position()).compressed(), bytes.toByteArray());
        assertEquals(layer.compressedBytes(), progress.get(progress.size() - 1));
      }
    }
  }

  @Test
  void anUnknownImageIsNamed() throws IOException {
    try (HostileRegistry registry = serving(Fault.MANIFEST_NOT_FOUND)) {
      ImageNotFoundException e =
          assertThrows(ImageNotFoundException.class, () -> resolve(registry));
      assertEquals(registry.reference(), e.reference());
      assertEquals(404, e.status().orElseThrow());
    }
  }

  @Test
  void aLoginPageIsNotAManifest() throws IOException {
    try (HostileRegistry registry = serving(Fault.MANIFEST_IS_HTML)) {
      assertThrows(MalformedManifestException.class, () -> resolve(registry));
    }
  }

  @Test
  void anEndlessManifestIsNotReadToItsEnd() throws IOException {
    try (HostileRegistry registry = serving(Fault.MANIFEST_OF_100_MB)) {
      RegistryException e = assertThrows(RegistryException.class, () -> resolve(registry));
      assertTrue(e.getMessage().contains("more than 4194304 bytes"), e.getMessage());
    }
  }

  @Test
  void aManifestThatIsNotTheOneAnnouncedIsRefused() throws IOException {
    try (HostileRegistry registry = serving(Fault.MANIFEST_WITH_WRONG_DIGEST_HEADER)) {
      assertThrows(DigestMismatchException.class, () -> resolve(registry));
    }
  }

  @Test
  void aPinnedManifestMustHaveItsDigest() throws IOException {
    try (HostileRegistry registry = serving(Fault.NONE)) {
      assertThrows(
          DigestMismatchException.class,
          () ->
              client.resolve(
                  registry.reference().at(TinyLayer.sha256(new byte[] {1})), Platform.host()));
    }
  }

  @Test
  void indexesWithoutEndAreGivenUp() throws IOException {
    try (HostileRegistry registry = serving(Fault.INDEXES_WITHOUT_END)) {
      MalformedManifestException e =
          assertThrows(MalformedManifestException.class, () -> resolve(registry));
      assertTrue(e.reason().contains("indexes"), e.reason());
    }
  }

  @Test
  void oneServerErrorIsTriedAgain() throws IOException {
    try (HostileRegistry registry = serving(Fault.SERVER_ERROR_ONCE)) {
      assertEquals(3, resolve(registry).layers().size());
      assertEquals(2, registry.requestsFor("/manifests/latest"));
    }
  }

  @Test
  void manyServerErrorsAreNot() throws IOException {
    try (HostileRegistry registry = serving(Fault.SERVER_ERROR_ALWAYS)) {
      RegistryException e = assertThrows(RegistryException.class, () -> resolve(registry));
      assertEquals(500, e.status().orElseThrow());
      assertEquals(3, registry.requestsFor("/manifests/latest"));
    }
  }

  @Test
  void noRegistryAtAllIsSaidSo() throws IOException {
    HostileRegistry registry = serving(Fault.NONE);
    registry.close();
    RegistryException e = assertThrows(RegistryException.class, () -> resolve(registry));
    assertTrue(e.getMessage().contains("after 3 tries"), e.getMessage());
  }

  @Test
  void aTokenIsFetchedWhereTheRegistrySaysAndKept() throws IOException {
    try (HostileRegistry registry = serving(Fault.TOKEN_WANTED)) {
      ResolvedImage image = resolve(registry);
      fetchTop(registry, image);
      assertEquals(1, registry.requestsFor("/token"));
    }
  }

  @Test
  void anIdentityTokenIsExchangedAndNeverPartOfAnAddress() throws IOException {
    RegistryClient known =
        new RegistryClient(
            IMPATIENT, registry -> Optional.of(Credentials.Login.identityToken("re/fresh")));
    try (HostileRegistry registry = serving(Fault.TOKEN_WANTED)) {
      assertEquals(3, known.resolve(registry.reference(), Platform.host()).layers().size());
      assertEquals(
          List.of(
              "POST grant_type=refresh_token&client_id=ndocker&service=tiny+registry"
                  + "&scope=repository%3Alibrary%2Ftiny%3Apull&refresh_token=re%2Ffresh"),
          registry.tokenForms());
    }
  }

  @Test
  void withoutTheLoginThatIsWantedAccessIsDenied() throws IOException {
    try (HostileRegistry registry = serving(Fault.LOGIN_WANTED)) {
      assertThrows(UnauthorizedException.class, () -> resolve(registry));
    }
  }

  @Test
  void aLoginIsNotShownToTheHostOfARedirect() throws IOException {
    RegistryClient known =
        new RegistryClient(
            IMPATIENT, registry -> Optional.of(new Credentials.Login("me", "secret")));
    try (HostileRegistry registry = serving(Fault.LAYER_REDIRECTED_TO_OTHER_HOST)) {
      ResolvedImage image = known.resolve(registry.reference(), Platform.host());
      Layer top = image.layers().get(2);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      known.fetch(
          registry.reference(), top, Channels.newChannel(bytes), arrived -> {}, () -> false);
      assertEquals(top.compressedBytes(), bytes.size());
      assertEquals(List.of(), registry.credentialsShownElsewhere());
    }
  }

  @Test
  void redirectsWithoutEndAreGivenUp() throws IOException {
    RegistryException e =
        topLayerFails(RegistryException.class, Fault.LAYER_REDIRECTED_WITHOUT_END);
    assertTrue(e.getMessage().contains("redirects"), e.getMessage());
  }

  @Test
  void aRedirectToPlainHttpIsRefusedWithoutQuotingItsSignature() throws IOException {
    RegistryException e =
        topLayerFails(RegistryException.class, Fault.LAYER_REDIRECTED_TO_PLAIN_HTTP_ELSEWHERE);
    assertTrue(e.getMessage().contains("not HTTPS"), e.getMessage());
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }

  @Test
  void otherBytesAreNotTheLayer() throws IOException {
    topLayerFails(DigestMismatchException.class, Fault.LAYER_OF_OTHER_BYTES);
  }

  @Test
  void aTruncatedLayerIsNotComplete() throws IOException {
    TruncatedBlobException e = topLayerFails(TruncatedBlobException.class, Fault.LAYER_TRUNCATED);
    assertEquals(e.expectedBytes() / 2, e.foundBytes());
  }

  @Test
  void aBrokenConnectionIsNotTheEndOfALayer() throws IOException {
    topLayerFails(TruncatedBlobException.class, Fault.LAYER_CONNECTION_BREAKS);
  }

  @Test
  void aConnectionThatBreaksBeforeTheFirstByteIsTriedAgain() throws IOException {
    try (HostileRegistry registry = serving(Fault.LAYER_CONNECTION_BREAKS_BEFORE_FIRST_BYTE_ONCE)) {
      ResolvedImage image = resolve(registry);
      assertEquals(image.layers().get(2).compressedBytes(), fetchTop(registry, image).length);
    }
  }

  @Test
  void aTransferThatBreaksGoesOnWhereItWas() throws IOException {
    TinyImage tiny = TinyImage.threeLayers();
    byte[] top = tiny.layers().get(2).compressed();
    for (Fault fault :
        List.of(
            Fault.LAYER_CONNECTION_BREAKS_ONCE,
            Fault.LAYER_CONNECTION_BREAKS_ONCE_AND_RANGES_ARE_UNKNOWN)) {
      try (HostileRegistry registry = HostileRegistry.serving(tiny, fault)) {
        assertArrayEquals(top, fetchTop(registry, resolve(registry)), fault.toString());
        assertEquals(List.of("bytes=" + top.length / 2 + "-"), registry.ranges());
      }
    }
  }

  @Test
  void aTransferGoesOnWithTheRightBytesOnly() throws IOException {
    topLayerFails(DigestMismatchException.class, Fault.LAYER_CONTINUED_WITH_OTHER_BYTES);
    RegistryException e = topLayerFails(RegistryException.class, Fault.LAYER_CONTINUED_ELSEWHERE);
    assertTrue(e.getMessage().contains("others are announced"), e.getMessage());
  }

  @Test
  void aBusyRegistryIsAskedAgainWhenItWantsToBe() throws IOException {
    try (HostileRegistry registry = serving(Fault.BUSY_ONCE)) {
      long since = System.nanoTime();
      assertEquals(3, resolve(registry).layers().size());
      assertTrue(System.nanoTime() - since >= Duration.ofSeconds(1).toNanos());
    }
  }

  @Test
  void nobodyWaitsForARegistryThatIsBusyForAnHour() throws IOException {
    try (HostileRegistry registry = serving(Fault.BUSY_FOR_AN_HOUR)) {
      RegistryBusyException e = assertThrows(RegistryBusyException.class, () -> resolve(registry));
      assertEquals(Duration.ofHours(1), e.retryAfter().orElseThrow());
      assertEquals(429, e.status().orElseThrow());
    }
  }

  @Test
  void silenceEnds() throws IOException {
    TransferStalledException e = topLayerFails(TransferStalledException.class, Fault.LAYER_STALLS);
    assertEquals(IMPATIENT.stallTimeout(), e.silence());
  }

  @Test
  void aLayerWithoutEndIsReadNoFurtherThanItsSize() throws IOException {
    try (HostileRegistry registry = serving(Fault.LAYER_WITHOUT_END)) {
      ResolvedImage image = resolve(registry);
      Layer top = image.layers().get(2);
      // overflows at the first byte too many
      MemorySink sink = new MemorySink(ByteBuffer.allocate(Math.toIntExact(top.compressedBytes())));
      assertThrows(
          RegistryException.class,
          () -> client.fetch(registry.reference(), top, sink, arrived -> {}, () -> false));
    }
  }

  @Test
  void aWrongContentLengthIsNoticedBeforeTheFirstByte() throws IOException {
    RegistryException e =
        topLayerFails(RegistryException.class, Fault.LAYER_OF_WRONG_CONTENT_LENGTH);
    assertTrue(e.getMessage().contains("announced"), e.getMessage());
  }

  @Test
  void aStalledFetchCanBeCancelled() throws IOException {
    RegistryClient patient =
        new RegistryClient(
            IMPATIENT.withStallTimeout(Duration.ofMinutes(5)), Credentials.anonymous());
    AtomicBoolean cancelled = new AtomicBoolean();
    try (HostileRegistry registry = serving(Fault.LAYER_STALLS)) {
      ResolvedImage image = resolve(registry);
      assertThrows(
          FetchCancelledException.class,
          () ->
              patient.fetch(
                  registry.reference(),
                  image.layers().get(2),
                  Channels.newChannel(new ByteArrayOutputStream()),
                  arrived -> cancelled.set(true),
                  cancelled::get));
    }
  }

  @Test
  void aSinkThatFailsIsNotTriedAgain() throws IOException {
    try (HostileRegistry registry = serving(Fault.NONE)) {
      ResolvedImage image = resolve(registry);
      IOException full = new IOException("no room");
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  client.fetch(
                      registry.reference(),
                      image.layers().get(0),
                      new FailingChannel(full),
                      arrived -> {},
                      () -> false));
      assertEquals(full, e);
      assertEquals(1, registry.requestsFor(image.layers().get(0).compressed().toString()));
    }
  }

  private static HostileRegistry serving(Fault fault) throws IOException {
    return HostileRegistry.serving(TinyImage.threeLayers(), fault);
  }

  private ResolvedImage resolve(HostileRegistry registry) throws IOException {
    return client.resolve(registry.reference(), Platform.host());
  }

  private byte[] fetchTop(HostileRegistry registry, ResolvedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    client.fetch(
        registry.reference(),
        image.layers().get(image.layers().size() - 1),
        Channels.newChannel(bytes),
        arrived -> registry.someHasArrived(),
        () -> false);
    return bytes.toByteArray();
  }

  private <E extends Exception> E topLayerFails(Class<E> expected, Fault fault) throws IOException {
    try (HostileRegistry registry = serving(fault)) {
      ResolvedImage image = resolve(registry);
      return assertThrows(expected, () -> fetchTop(registry, image));
    }
  }
}
