package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.trust.NameRule;
import io.github.ndocker.trust.SignatureDocuments;
import io.github.ndocker.trust.SigningKey;
import io.github.ndocker.trust.TrustPolicies;
import io.github.ndocker.trust.TrustPolicy;
import io.github.ndocker.trust.TrustedKey;
import io.github.ndocker.trust.UntrustedImageException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which images are resolved and which are refused, by where and how they are signed. */
@Timeout(20)
class ImageTrustTest {
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults()
          .withStallTimeout(Duration.ofSeconds(5))
          .withTries(2, Duration.ofMillis(1));

  private static SigningKey key;
  private static TinyImage image;
  private static TinyImage other;

  private ScriptedRegistry registry;

  @BeforeAll
  static void makeKeyAndImages() throws Exception {
    key = SigningKey.ecdsa();
    image = TinyImage.withLayers(2, 1, 100);
    other = TinyImage.withLayers(1, 1, 100);
  }

  @BeforeEach
  void start() throws IOException {
    registry = ScriptedRegistry.serving(image);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static TrustPolicy.SignedBy signedBy(SigningKey... keys) throws IOException {
    List<TrustedKey> trusted = new ArrayList<>();
    for (SigningKey one : keys) {
      trusted.add(one.trusted());
    }
    return TrustPolicy.signedBy(trusted);
  }

  private static RegistryClient client(TrustPolicy policy) {
    return client(TrustPolicies.of(policy));
  }

  private static RegistryClient client(TrustPolicies policies) {
    return new RegistryClient(IMPATIENT.withTrust(policies), Credentials.anonymous());
  }

  private ResolvedImage resolve(TrustPolicy policy) throws IOException {
    return client(policy).resolve(registry.reference(), Platform.host());
  }

  private void accepted() throws IOException {
    assertEquals(image.manifestDigest(), resolve(signedBy(key)).manifestDigest());
  }

  private UntrustedImageException refused(Reason why) throws IOException {
    return refused(why, registry.reference());
  }

  private UntrustedImageException refused(Reason why, ImageReference reference) throws IOException {
    RegistryClient client = client(signedBy(key));
    UntrustedImageException e =
        assertThrows(
            UntrustedImageException.class, () -> client.resolve(reference, Platform.host()));
    assertEquals(why, e.reason(), e.getMessage());
    // nothing of the image itself was fetched
    String config = "blobs/" + TinyLayer.sha256(image.config());
    assertTrue(registry.requests().stream().noneMatch(config::equals), e.getMessage());
    return e;
  }

  private SignedPayload signature(SigningKey by) {
    return SignedPayload.of(image.manifestDigest(), registry.repository(), by);
  }

  private static byte[] bundle(SigningKey by) {
    return SignatureDocuments.bundle(SignatureDocuments.statement(image.manifestDigest()), by);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void acceptsASignatureUnderTheTagOrInABundleByEachKindOfKey(boolean inBundle) throws Exception {
    for (SigningKey one : SigningKey.ofEachKind()) {
      if (inBundle) {
        registry.refer(image.manifestDigest(), List.of(bundle(one)));
      } else {
        registry.sign(image.manifestDigest(), List.of(signature(one)));
      }
      assertArrayEquals(image.manifest(), resolve(signedBy(one)).rawManifest(), one.toString());
    }
  }

  @Test
  void acceptsABundleOfTheManifestItself() throws IOException {
    registry.refer(
        image.manifestDigest(),
        List.of(SignatureDocuments.bundleOf(image.manifest(), image.manifestDigest(), key)));
    accepted();
  }

  @Test
  void findsBundlesUnderATagWhereTheRegistryListsNoReferrers() throws IOException {
    registry.manifest(
        "sha256-" + image.manifestDigest().hex(),
        MediaTypes.OCI_INDEX,
        registry.index(List.of(bundle(key))));
    accepted();
  }

  @Test
  void refusesAnImageThatIsNotSigned() throws IOException {
    UntrustedImageException e = refused(Reason.UNSIGNED);
    assertEquals(image.manifestDigest(), e.digest());
    assertEquals(registry.reference(), e.reference());
    resolve(TrustPolicy.acceptAny());
    assertEquals("manifests/latest", registry.requests().get(0));
  }

  @Test
  void looksForNoSignatureIfAnyImageIsAccepted() throws IOException {
    resolve(TrustPolicy.acceptAny());
    assertEquals(
        List.of("manifests/latest", "blobs/" + TinyLayer.sha256(image.config())),
        registry.requests());
  }

  @Test
  void refusesTheSignatureOfAnotherKey() throws Exception {
    registry.sign(image.manifestDigest(), List.of(signature(SigningKey.ecdsa())));
    registry.refer(image.manifestDigest(), List.of(bundle(SigningKey.ed25519())));
    refused(Reason.WRONG_KEY);
  }

  @Test
  void refusesASignatureOfAnotherImageThatWasCopiedToThisOne() throws IOException {
    registry.sign(
        image.manifestDigest(),
        List.of(SignedPayload.of(other.manifestDigest(), registry.repository(), key)));
    registry.refer(
        image.manifestDigest(),
        List.of(
            SignatureDocuments.bundle(SignatureDocuments.statement(other.manifestDigest()), key)));
    refused(Reason.WRONG_DIGEST);
  }

  @Test
  void refusesAPayloadThatWasAltered() throws IOException {
    // what the key signed was the other image; the payload now says it was this one
    byte[] signature =
        key.sign(SignatureDocuments.payload(other.manifestDigest(), registry.repository()));
    registry.sign(
        image.manifestDigest(),
        List.of(
            new SignedPayload(
                SignatureDocuments.payload(image.manifestDigest(), registry.repository()),
                signature)));
    refused(Reason.WRONG_KEY);
  }

  @Test
  void refusesASignatureThatWasGivenToAnotherRepositoryUnlessNamesAreIgnored() throws IOException {
    registry.sign(
        image.manifestDigest(),
        List.of(SignedPayload.of(image.manifestDigest(), registry.host() + "/library/tool", key)));
    refused(Reason.WRONG_NAME);
    resolve(signedBy(key).withNames(NameRule.IGNORED));
  }

  @Test
  void anAttestationIsNoSignature() throws IOException {
    registry.refer(
        image.manifestDigest(),
        List.of(
            SignatureDocuments.bundle(
                SignatureDocuments.statement(
                    image.manifestDigest(), "https://slsa.dev/provenance/v1"),
                key)));
    refused(Reason.MALFORMED);
  }

  @Test
  void refusesWhatTheRegistryDoesNotServeTheSignaturesOf() throws IOException {
    registry.fail("manifests/" + ScriptedRegistry.signatureTag(image.manifestDigest()));
    UntrustedImageException e = refused(Reason.UNREACHABLE);
    assertTrue(e.getMessage().contains("status 500"), e.getMessage());
    // whichever of the two it is that does not answer
    registry.sign(image.manifestDigest(), List.of());
    registry.fail(ScriptedRegistry.referrers(image.manifestDigest()));
    refused(Reason.UNREACHABLE);
  }

  @Test
  void oneGoodSignatureAmongBadOnesIsEnough() throws Exception {
    SignedPayload good = signature(key);
    byte[] never = SignatureDocuments.payload(other.manifestDigest(), "never pushed");
    registry.sign(
        image.manifestDigest(),
        List.of(
            new SignedPayload(never, key.sign(never)),
            new SignedPayload(good.payload(), new byte[0]),
            signature(SigningKey.ecdsa()),
            good));
    registry.answer("blobs/" + TinyLayer.sha256(never), 404, "text/plain", new byte[0], Map.of());
    accepted();
  }

  @Test
  void aPayloadThatIsMissingOrOfOtherBytesIsMalformed() throws IOException {
    SignedPayload good = signature(key);
    registry.sign(image.manifestDigest(), List.of(good));
    String blob = "blobs/" + TinyLayer.sha256(good.payload());
    registry.answer(blob, 404, "text/plain", new byte[0], Map.of());
    refused(Reason.MALFORMED);
    byte[] wrong = good.payload().clone();
    wrong[wrong.length - 1] ^= 1;
    registry.answer(blob, 200, "application/octet-stream", wrong, Map.of());
    refused(Reason.MALFORMED);
  }

  @Test
  void aListOfSignaturesThatIsNoneIsMalformed() throws IOException {
    String tag = ScriptedRegistry.signatureTag(image.manifestDigest());
    for (String json : List.of("<html>", "[]", "{\"layers\":7}", "{\"layers\":[{}]}", "")) {
      registry.manifest(tag, MediaTypes.OCI_MANIFEST, json.getBytes(UTF_8));
      refused(Reason.MALFORMED);
    }
  }

  @Test
  void whoMovesTheTagAfterTheVerificationChangesNothing() throws IOException {
    registry.sign(image.manifestDigest(), List.of(signature(key)));
    registry.after(
        "manifests/" + ScriptedRegistry.signatureTag(image.manifestDigest()),
        () -> registry.serve(other));
    ResolvedImage resolved = resolve(signedBy(key));
    assertArrayEquals(image.manifest(), resolved.rawManifest());
    assertArrayEquals(image.config(), resolved.rawConfig());
    assertEquals(1, registry.requests().stream().filter("manifests/latest"::equals).count());
    // the next one gets the other image, which is not signed
    assertThrows(UntrustedImageException.class, () -> resolve(signedBy(key)));
  }

  @Test
  void anImageForManyPlatformsIsSignedAtItsIndex() throws IOException {
    byte[] index =
        ScriptedRegistry.indexOf(
            List.of(TinyImage.descriptor(MediaTypes.OCI_MANIFEST, image.manifest())));
    Digest digest = TinyLayer.sha256(index);
    registry.manifest("latest", MediaTypes.OCI_INDEX, index);
    registry.sign(image.manifestDigest(), List.of(signature(key)));
    assertEquals(digest, refused(Reason.UNSIGNED).digest());
    registry.sign(digest, List.of(SignedPayload.of(digest, registry.repository(), key)));
    accepted();
  }

  @Test
  void anImageThatIsPinnedMustBeSignedToo() throws IOException {
    ImageReference pinned = registry.reference().at(image.manifestDigest());
    refused(Reason.UNSIGNED, pinned);
    registry.sign(image.manifestDigest(), List.of(signature(key)));
    assertEquals(
        image.manifestDigest(),
        client(signedBy(key)).resolve(pinned, Platform.host()).manifestDigest());
  }

  @Test
  void thePolicyOfOneRepositoryIsNotThatOfAnother() throws IOException {
    TrustPolicies elsewhere =
        TrustPolicies.of(TrustPolicy.acceptAny())
            .with(registry.host() + "/library/another", signedBy(key));
    client(elsewhere).resolve(registry.reference(), Platform.host());
    TrustPolicies here = elsewhere.with(registry.host() + "/library", signedBy(key));
    assertThrows(
        UntrustedImageException.class,
        () -> client(here).resolve(registry.reference(), Platform.host()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMirrorMayServeTheSignaturesOrElseTheRegistry(boolean mirrored) throws IOException {
    try (ScriptedRegistry mirror = ScriptedRegistry.serving(image)) {
      (mirrored ? mirror : registry).sign(image.manifestDigest(), List.of(signature(key)));
      RegistryOptions options =
          IMPATIENT
              .withMirrors(registry.host(), List.of(mirror.host()))
              .withTrust(TrustPolicies.of(signedBy(key)));
      new RegistryClient(options, Credentials.anonymous())
          .resolve(registry.reference(), Platform.host());
      assertEquals(mirrored, registry.requests().isEmpty());
      assertEquals("manifests/latest", mirror.requests().get(0));
    }
  }

  /** It may be behind: here it has the one of an older key. */
  @Test
  void aMirrorThatIsBehindDoesNotHideTheSignaturesOfTheRegistry() throws Exception {
    try (ScriptedRegistry mirror = ScriptedRegistry.serving(image)) {
      SigningKey stranger = SigningKey.ecdsa();
      mirror.sign(image.manifestDigest(), List.of(signature(stranger)));
      registry.sign(image.manifestDigest(), List.of(signature(key)));
      RegistryOptions options =
          IMPATIENT
              .withMirrors(registry.host(), List.of(mirror.host()))
              .withTrust(TrustPolicies.of(signedBy(key)));
      assertEquals(
          image.manifestDigest(),
          new RegistryClient(options, Credentials.anonymous())
              .resolve(registry.reference(), Platform.host())
              .manifestDigest());
      assertTrue(mirror.requests().contains("manifests/latest"));
    }
  }
}
