package io.github.ndocker.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.trust.UntrustedImageException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of one signature, without a registry. */
class VerificationTest {
  private static final byte[] MANIFEST = "{\"a\":\"manifest\"}".getBytes(UTF_8);
  private static final Digest DIGEST = TrustedKey.sha256(MANIFEST);
  private static final Digest OTHER = TrustedKey.sha256(new byte[0]);
  private static final String HERE = "example.org/app";

  private static SigningKey key;

  @BeforeAll
  static void makeKey() throws Exception {
    key = SigningKey.ecdsa();
  }

  private static Verification verification(NameRule names) throws IOException {
    return new Verification(
        TrustPolicy.signedBy(List.of(key.trusted())).withNames(names),
        ImageReference.parse(HERE + ":1"),
        MANIFEST);
  }

  private static ImageSignature beside(byte[] payload) {
    return ImageSignature.beside(payload, key.sign(payload), "it");
  }

  private static ImageSignature bundle(byte[] statement) throws IOException {
    return ImageSignature.inBundle(SignatureDocuments.bundle(statement, key), "it");
  }

  private static void accepted(ImageSignature signature) throws IOException {
    assertTrue(verification(NameRule.SAME_IF_NAMED).accepts(signature));
  }

  private static void refused(Reason why, ImageSignature signature) throws IOException {
    refused(why, signature, NameRule.SAME_IF_NAMED);
  }

  private static void refused(Reason why, ImageSignature signature, NameRule names)
      throws IOException {
    Verification verification = verification(names);
    assertFalse(verification.accepts(signature));
    UntrustedImageException e = verification.refusal();
    assertEquals(why, e.reason(), e.getMessage());
    assertEquals(DIGEST, e.digest());
    assertEquals(ImageReference.parse(HERE + ":1"), e.reference());
  }

  @Test
  void acceptsWhatATrustedKeyHasSigned() throws IOException {
    accepted(beside(SignatureDocuments.payload(DIGEST, HERE)));
    accepted(bundle(SignatureDocuments.statement(DIGEST)));
    accepted(ImageSignature.inBundle(SignatureDocuments.bundleOf(MANIFEST, DIGEST, key), "it"));
  }

  @Test
  void refusesTheSignatureOfAnotherImage() throws IOException {
    refused(Reason.WRONG_DIGEST, beside(SignatureDocuments.payload(OTHER, HERE)));
    refused(Reason.WRONG_DIGEST, bundle(SignatureDocuments.statement(OTHER)));
    refused(
        Reason.WRONG_DIGEST,
        ImageSignature.inBundle(SignatureDocuments.bundleOf(MANIFEST, OTHER, key), "it"));
    refused(
        Reason.WRONG_KEY,
        ImageSignature.inBundle(SignatureDocuments.bundleOf(new byte[] {1}, DIGEST, key), "it"));
  }

  @Test
  void aSignatureOfSomethingElseIsNotOneOfAnImage() throws IOException {
    refused(
        Reason.MALFORMED,
        beside(SignatureDocuments.payload(DIGEST, HERE, "atomic container signature")));
    refused(
        Reason.MALFORMED,
        bundle(SignatureDocuments.statement(DIGEST, "https://slsa.dev/provenance/v1")));
    refused(Reason.MALFORMED, beside(SignatureDocuments.statement(DIGEST)));
    refused(Reason.MALFORMED, bundle(SignatureDocuments.payload(DIGEST, HERE)));
    refused(Reason.MALFORMED, beside(MANIFEST));
    refused(Reason.MALFORMED, beside(new byte[] {1, 2, 3}));
  }

  @Test
  void aStatementIsNotSignedWithoutItsType() throws Exception {
    byte[] statement = SignatureDocuments.statement(DIGEST);
    // the key has signed these very bytes, but as something else
    ImageSignature signature =
        ImageSignature.inBundle(SignatureDocuments.bundle(statement, key), "it");
    accepted(signature);
    Verification verification = verification(NameRule.IGNORED);
    assertFalse(
        verification.accepts(ImageSignature.beside(statement, signature.signature(), "it")));
    assertEquals(Reason.WRONG_KEY, verification.refusal().reason());
  }

  @Test
  void aNameThatIsNotTheImagesIsRefusedUnlessNamesAreIgnored() throws IOException {
    for (String name : List.of("example.org/app", "EXAMPLE.org:443/app:9", "example.org/app:1")) {
      accepted(beside(SignatureDocuments.payload(DIGEST, name)));
    }
    for (String name : List.of("example.org/tool", "example.com/app", "app", "any : thing")) {
      ImageSignature signature = beside(SignatureDocuments.payload(DIGEST, name));
      refused(Reason.WRONG_NAME, signature);
      refused(Reason.WRONG_NAME, signature, NameRule.SAME);
      assertTrue(verification(NameRule.IGNORED).accepts(signature), name);
    }
  }

  @Test
  void aSignatureWithoutANameCountsUnlessNamesAreWanted() throws IOException {
    for (ImageSignature nameless :
        List.of(
            beside(SignatureDocuments.payload(DIGEST, "")),
            bundle(SignatureDocuments.statement(DIGEST)),
            ImageSignature.inBundle(SignatureDocuments.bundleOf(MANIFEST, DIGEST, key), "it"))) {
      accepted(nameless);
      assertTrue(verification(NameRule.IGNORED).accepts(nameless));
      refused(Reason.WRONG_NAME, nameless, NameRule.SAME);
    }
  }

  @Test
  void aBundleThatIsAmbiguousOrOfAnotherVersionIsMalformed() {
    String both = "{'mediaType':'TYPE','dsseEnvelope':{},'messageSignature':{}}";
    String neither = "{'mediaType':'TYPE'}";
    String old = "{'mediaType':'application/vnd.dev.sigstore.bundle+json;version=0.2'}";
    String unsigned =
        "{'mediaType':'TYPE','dsseEnvelope':{'payload':'','signatures':[],"
            + "'payloadType':'application/vnd.in-toto+json'}}";
    String otherPayload =
        "{'mediaType':'TYPE','dsseEnvelope':{'payload':'','signatures':[{'sig':''}],"
            + "'payloadType':'text/plain'}}";
    String shortHash =
        "{'mediaType':'TYPE','messageSignature':{'signature':'',"
            + "'messageDigest':{'algorithm':'SHA2_256','digest':'AAAA'}}}";
    for (String wrong : List.of(both, neither, old, unsigned, otherPayload, shortHash, "[]", "")) {
      byte[] json =
          wrong.replace('\'', '"').replace("TYPE", ImageSignature.BUNDLE_TYPE).getBytes(UTF_8);
      assertThrows(
          MalformedManifestException.class, () -> ImageSignature.inBundle(json, "it"), wrong);
    }
  }

  @Test
  void whatIsSignedMustBeTheVeryBytes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] payload = SignatureDocuments.payload(DIGEST, HERE);
    byte[] signature = key.sign(payload);
    for (int i = 0; i < 50; i++) {
      byte[] altered = payload.clone();
      altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
      Verification verification = verification(NameRule.SAME_IF_NAMED);
      assertFalse(
          verification.accepts(ImageSignature.beside(altered, signature, "it")), "seed " + seed);
      assertEquals(Reason.WRONG_KEY, verification.refusal().reason());
    }
  }

  @Test
  void oneOfSeveralKeysIsEnough() throws Exception {
    SigningKey second = SigningKey.ed25519();
    Verification verification =
        new Verification(
            TrustPolicy.signedBy(List.of(key.trusted(), second.trusted())),
            ImageReference.parse(HERE),
            MANIFEST);
    byte[] payload = SignatureDocuments.payload(DIGEST, HERE);
    assertTrue(verification.accepts(ImageSignature.beside(payload, second.sign(payload), "it")));
  }

  @Test
  void theMessageNamesAFewReasonsAndTheWeightiest() throws IOException {
    Verification verification = verification(NameRule.SAME_IF_NAMED);
    assertEquals(Reason.UNSIGNED, verification.refusal().reason());
    for (int i = 0; i < 60; i++) {
      verification.object(Reason.WRONG_KEY, "number " + i + " is of another key");
    }
    verification.object(Reason.UNREACHABLE, "no answer");
    UntrustedImageException e = verification.refusal();
    assertEquals(Reason.UNREACHABLE, e.reason());
    assertTrue(e.getMessage().contains("no answer; number 0"), e.getMessage());
    assertTrue(e.getMessage().endsWith("; and 56 more"), e.getMessage());
  }
}
