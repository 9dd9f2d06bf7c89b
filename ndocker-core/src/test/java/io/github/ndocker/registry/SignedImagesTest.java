package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.Digest;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures that skopeo makes, and others in the same place, in the registry of the distribution.
 */
@Timeout(60)
class SignedImagesTest {
  @TempDir static Path directory;

  private static DockerRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "needs docker-registry and skopeo");
    registry = DockerRegistry.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (registry != null) {
      registry.close();
    }
  }

  private static ResolvedImage resolve(String repository, TrustPolicy policy) throws IOException {
    return new RegistryClient(
            RegistryOptions.defaults().withTrust(TrustPolicies.of(policy)), Credentials.anonymous())
        .resolve(registry.reference(repository), Platform.host());
  }

  private static TrustPolicy.SignedBy signedBy(SigningKey one) throws IOException {
    Path file = Files.writeString(directory.resolve("cosign.pub"), one.publicPem());
    return TrustPolicy.signedBy(List.of(TrustedKey.of(file)));
  }

  private static void refused(Reason why, String repository, TrustPolicy policy) {
    UntrustedImageException e =
        assertThrows(UntrustedImageException.class, () -> resolve(repository, policy));
    assertEquals(why, e.reason(), e.getMessage());
  }

  private static SignedPayload signature(TinyImage image, String name, SigningKey key) {
    return SignedPayload.of(image.manifestDigest(), registry.host() + "/library/" + name, key);
  }

  /** Pushes an image of so many layers, unsigned. */
  private static TinyImage push(String tag, int layers) throws Exception {
    TinyImage image = TinyImage.withLayers(layers, 2, 50);
    Path layout = image.writeLayout(directory.resolve(tag));
    Path index = layout.resolve("index.json");
    String text = Files.readString(index);
    Files.writeString(index, text.replace("\"" + TinyImage.TAG + "\"", "\"" + tag + "\""));
    registry.push(layout, tag);
    return image;
  }

  /** Has a signature where cosign puts it. */
  private static void sign(String repository, Digest image, SignedPayload signature)
      throws Exception {
    registry.putBlob(repository, signature.payload());
    registry.putBlob(repository, ScriptedRegistry.EMPTY);
    registry.putManifest(
        repository,
        ScriptedRegistry.signatureTag(image),
        MediaTypes.OCI_MANIFEST,
        ScriptedRegistry.signatureManifest(List.of(signature)));
  }

  @Test
  void acceptsSignaturesByEachKindOfKey() throws Exception {
    for (SigningKey one : SigningKey.ofEachKind()) {
      TinyImage image = push("signed", 2);
      sign("signed", image.manifestDigest(), signature(image, "signed", one));
      ResolvedImage resolved = resolve("signed", signedBy(one).withNames(NameRule.SAME));
      assertArrayEquals(image.manifest(), resolved.rawManifest(), one.toString());
      refused(Reason.WRONG_KEY, "signed", signedBy(SigningKey.ecdsa()));
    }
  }

  @Test
  void acceptsBundlesUnderTheTagForReferrersByEachKindOfKey() throws Exception {
    for (SigningKey one : SigningKey.ofEachKind()) {
      TinyImage image = push("bundled", 3);
      Digest digest = image.manifestDigest();
      refer(
          "bundled", digest, SignatureDocuments.bundle(SignatureDocuments.statement(digest), one));
      assertEquals(digest, resolve("bundled", signedBy(one)).manifestDigest(), one.toString());
      refused(Reason.WRONG_KEY, "bundled", signedBy(SigningKey.ecdsa()));
    }
  }

  @Test
  void refusesAnImageThatNobodyHasSigned() throws Exception {
    push("unsigned", 3);
    refused(Reason.UNSIGNED, "unsigned", signedBy(SigningKey.ecdsa()));
  }

  @Test
  void refusesASignatureThatWasCopiedFromAnotherImage() throws Exception {
    SigningKey key = SigningKey.ecdsa();
    TinyImage image = push("copied", 4);
    TinyImage other = push("original", 2);
    sign("copied", image.manifestDigest(), signature(other, "copied", key));
    refused(Reason.WRONG_DIGEST, "copied", signedBy(key));
  }

  @Test
  void refusesAnImageThatWasCopiedUnderAnotherNameUnlessNamesAreIgnored() throws Exception {
    SigningKey key = SigningKey.ecdsa();
    TinyImage image = push("renamed", 2);
    sign("renamed", image.manifestDigest(), signature(image, "original", key));
    refused(Reason.WRONG_NAME, "renamed", signedBy(key));
    resolve("renamed", signedBy(key).withNames(NameRule.IGNORED));
  }

  @Test
  void findsTheSignatureOfAnImageOfDockersSchema2() throws Exception {
    SigningKey key = SigningKey.ecdsa();
    Path layout = TinyImage.withLayers(1, 1, 10).writeLayout(directory.resolve("schema2"));
    registry.pushAsDockerSchema2(layout, TinyImage.TAG);
    Digest digest = resolve(TinyImage.TAG, TrustPolicy.acceptAny()).manifestDigest();
    String repository = registry.host() + "/library/" + TinyImage.TAG;
    sign(TinyImage.TAG, digest, SignedPayload.of(digest, repository, key));
    assertEquals(digest, resolve(TinyImage.TAG, signedBy(key)).manifestDigest());
  }

  private static void refer(String repository, Digest to, byte[] bundle) throws Exception {
    registry.putBlob(repository, bundle);
    registry.putBlob(repository, ScriptedRegistry.EMPTY);
    byte[] manifest = ScriptedRegistry.bundleManifest(bundle);
    registry.putManifest(repository, "bundle", MediaTypes.OCI_MANIFEST, manifest);
    registry.putManifest(
        repository,
        "sha256-" + to.hex(),
        MediaTypes.OCI_INDEX,
        ScriptedRegistry.indexOf(List.of(ScriptedRegistry.bundleEntry(manifest))));
  }
}
