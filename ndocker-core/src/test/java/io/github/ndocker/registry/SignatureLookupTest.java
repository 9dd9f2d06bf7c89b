package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.trust.ImageSignature;
import io.github.ndocker.trust.SignatureDocuments;
import io.github.ndocker.trust.SigningKey;
import io.github.ndocker.trust.TrustPolicy;
import io.github.ndocker.trust.UntrustedImageException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import io.github.ndocker.trust.Verification;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far a repository full of signatures is looked through, and how long. */
@Timeout(20)
class SignatureLookupTest {
  private static SigningKey key;
  private static SigningKey stranger;
  private static TinyImage image;

  private ScriptedRegistry registry;

  @BeforeAll
  static void makeKeysAndImage() throws Exception {
    key = SigningKey.ecdsa();
    stranger = SigningKey.ecdsa();
    image = TinyImage.withLayers(1, 1, 100);
  }

  @BeforeEach
  void start() throws IOException {
    registry = new ScriptedRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private SignatureLookup lookup(Duration patience, boolean cancelled) throws IOException {
    RegistryOptions options = RegistryOptions.defaults().withTries(1, Duration.ofMillis(1));
    return new SignatureLookup(
        new RegistryClient(options, Credentials.anonymous()),
        registry.reference(),
        new Verification(
            TrustPolicy.signedBy(List.of(key.trusted())), registry.reference(), image.manifest()),
        patience,
        () -> cancelled);
  }

  private void accepted() throws IOException {
    lookup(SignatureLookup.PATIENCE, false).run();
  }

  private UntrustedImageException refused(Reason why) throws IOException {
    return refused(why, lookup(SignatureLookup.PATIENCE, false));
  }

  private static UntrustedImageException refused(Reason why, SignatureLookup lookup) {
    UntrustedImageException e = assertThrows(UntrustedImageException.class, lookup::run);
    assertEquals(why, e.reason(), e.getMessage());
    return e;
  }

  private SignedPayload signature(SigningKey by) {
    return SignedPayload.of(image.manifestDigest(), registry.repository(), by);
  }

  private static byte[] bundle(SigningKey by) {
    return SignatureDocuments.bundle(SignatureDocuments.statement(image.manifestDigest()), by);
  }

  private long requestsBeginningWith(String path) {
    return registry.requests().stream().filter(one -> one.startsWith(path)).count();
  }

  @Test
  void triesOnlySoManySignaturesOfEachKind() throws IOException {
    List<SignedPayload> signatures = new ArrayList<>();
    List<byte[]> bundles = new ArrayList<>();
    for (int i = 0; i < SignatureLookup.MAX_TRIED; i++) {
      signatures.add(signature(stranger));
      bundles.add(bundle(stranger));
    }
    signatures.add(signature(key));
    bundles.add(bundle(key));
    registry.sign(image.manifestDigest(), signatures);
    registry.refer(image.manifestDigest(), bundles);
    refused(Reason.TOO_MANY);
    assertEquals(SignatureLookup.MAX_TRIED, requestsBeginningWith("blobs/") - bundlesFetched());
    // a bundle takes two: its manifest and itself
    assertEquals(SignatureLookup.MAX_TRIED / 2, bundlesFetched());
  }

  private long bundlesFetched() {
    return requestsBeginningWith("manifests/sha256:");
  }

  @Test
  void manySignaturesOfAnOldKeyDoNotHideABundle() throws IOException {
    List<SignedPayload> signatures = new ArrayList<>();
    for (int i = 0; i <= SignatureLookup.MAX_TRIED; i++) {
      signatures.add(signature(stranger));
    }
    registry.sign(image.manifestDigest(), signatures);
    registry.refer(image.manifestDigest(), List.of(bundle(key)));
    accepted();
  }

  @Test
  void aPayloadThatIsTooLargeIsNotEvenAskedFor() throws IOException {
    byte[] payload = new byte[SignatureLookup.MAX_SIGNATURE_BYTES + 1];
    registry.sign(image.manifestDigest(), List.of(new SignedPayload(payload, key.sign(payload))));
    refused(Reason.TOO_LARGE);
    assertEquals(0, requestsBeginningWith("blobs/"));
  }

  @Test
  void aBundleThatIsTooLargeIsNotEvenAskedFor() throws IOException {
    registry.refer(
        image.manifestDigest(), List.of(new byte[SignatureLookup.MAX_SIGNATURE_BYTES + 1]));
    refused(Reason.TOO_LARGE);
    assertEquals(0, requestsBeginningWith("blobs/"));
  }

  @Test
  void aPayloadOfMoreBytesThanItsManifestSaysIsNotReadToItsEnd() throws IOException {
    SignedPayload good = signature(key);
    registry.sign(image.manifestDigest(), List.of(good));
    registry.answer(
        "blobs/" + TinyLayer.sha256(good.payload()),
        200,
        "application/octet-stream",
        new byte[10_000_000],
        Map.of());
    refused(Reason.UNREACHABLE);
  }

  @Test
  void aListThatIsTooLargeIsNotReadToItsEnd() throws IOException {
    byte[] spaces = " ".repeat(SignatureLookup.MAX_LIST_BYTES + 1).getBytes(UTF_8);
    registry.manifest(
        ScriptedRegistry.signatureTag(image.manifestDigest()), MediaTypes.OCI_MANIFEST, spaces);
    refused(Reason.TOO_LARGE);
    registry.sign(image.manifestDigest(), List.of());
    registry.answer(
        ScriptedRegistry.referrers(image.manifestDigest()),
        200,
        MediaTypes.OCI_INDEX,
        spaces,
        Map.of());
    refused(Reason.TOO_LARGE);
  }

  @Test
  void followsPages() throws IOException {
    page(ScriptedRegistry.referrers(image.manifestDigest()), "?page=2", List.of());
    page(
        list() + "?page=2", "http://elsewhere.example/v2/library/tiny/" + list() + "?c", List.of());
    page(list() + "?c", "", List.of(bundle(key)));
    accepted();
  }

  @Test
  void pagesWithoutEndAreNotFollowedForEver() throws IOException {
    page(ScriptedRegistry.referrers(image.manifestDigest()), "?again", List.of());
    page(list() + "?again", "?again", List.of());
    refused(Reason.TOO_MANY);
    assertEquals(SignatureLookup.MAX_PAGES, requestsBeginningWith("referrers/"));
  }

  @Test
  void aNextPageThatIsSomethingElseIsNotAskedFor() throws IOException {
    for (String link :
        List.of("/v2/library/secret/manifests/latest?a", "/", "?" + "x".repeat(5_000), ":", "//")) {
      page(ScriptedRegistry.referrers(image.manifestDigest()), link, List.of(bundle(stranger)));
      int before = registry.requests().size();
      UntrustedImageException e = refused(Reason.WRONG_KEY);
      assertTrue(e.getMessage().contains("the next page"), e.getMessage());
      assertTrue(
          registry.requests().subList(before, registry.requests().size()).stream()
              .filter(request -> request.startsWith("referrers/"))
              .allMatch(ScriptedRegistry.referrers(image.manifestDigest())::equals));
    }
  }

  private String list() {
    return "referrers/" + image.manifestDigest();
  }

  private void page(String path, String next, List<byte[]> bundles) {
    registry.answer(
        path,
        200,
        MediaTypes.OCI_INDEX,
        registry.index(bundles),
        next.isEmpty() ? Map.of() : Map.of("Link", "<" + next + ">; rel=\"next\""));
  }

  @Test
  void whatRefersToTheImageAndIsNoSignatureIsPassedOver() throws IOException {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (String type : List.of("application/spdx+json", ImageSignature.BUNDLE_TYPE)) {
      Map<String, Object> entry =
          new HashMap<>(TinyImage.descriptor(MediaTypes.OCI_MANIFEST, type.getBytes(UTF_8)));
      entry.put("artifactType", type);
      entry.put(
          "annotations",
          Map.of("dev.sigstore.bundle.predicateType", "https://slsa.dev/provenance/v1"));
      entries.add(entry);
    }
    registry.answer(
        ScriptedRegistry.referrers(image.manifestDigest()),
        200,
        MediaTypes.OCI_INDEX,
        ScriptedRegistry.indexOf(entries),
        Map.of());
    refused(Reason.UNSIGNED);
    assertEquals(0, bundlesFetched());
  }

  @Test
  void aBundlesManifestThatIsMissingOrOfOtherBytesIsMalformed() throws IOException {
    registry.refer(image.manifestDigest(), List.of(bundle(key)));
    accepted();
    String manifest =
        registry.requests().stream()
            .filter(request -> request.startsWith("manifests/sha256:"))
            .findFirst()
            .orElseThrow();
    registry.answer(manifest, 404, "text/plain", new byte[0], Map.of());
    refused(Reason.MALFORMED);
    registry.answer(
        manifest,
        200,
        MediaTypes.OCI_MANIFEST,
        ScriptedRegistry.signatureManifest(List.of(signature(key))),
        Map.of());
    refused(Reason.MALFORMED);
  }

  @Test
  void doesNotWaitForEver() throws IOException {
    registry.sign(image.manifestDigest(), List.of(signature(key)));
    UntrustedImageException e = refused(Reason.UNREACHABLE, lookup(Duration.ZERO, false));
    assertTrue(e.getMessage().contains("in time"), e.getMessage());
  }

  @Test
  void whoCancelsIsToldSo() throws IOException {
    registry.sign(image.manifestDigest(), List.of(signature(key)));
    SignatureLookup lookup = lookup(SignatureLookup.PATIENCE, true);
    assertThrows(FetchCancelledException.class, lookup::run);
    assertFalse(Thread.currentThread().isInterrupted());
  }
}
