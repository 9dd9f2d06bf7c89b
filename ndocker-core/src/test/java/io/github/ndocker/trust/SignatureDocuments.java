package io.github.ndocker.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.Digest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Documents as cosign writes them, made by hand, so that they may also be wrong. */
public final class SignatureDocuments {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SignatureDocuments() {}

  /** What is signed beside an image, for a repository. */
  public static byte[] payload(Digest digest, String repository) {
    return payload(digest, repository, "cosign container image signature");
  }

  static byte[] payload(Digest digest, String repository, String type) {
    return json(
        Map.of(
            "critical",
            Map.of(
                "identity",
                Map.of("docker-reference", repository),
                "image",
                Map.of("docker-manifest-digest", digest.toString()),
                "type",
                type),
            "optional",
            Map.of()));
  }

  /** A statement that signs an image. */
  public static byte[] statement(Digest digest) {
    return statement(digest, ImageSignature.SIGN_PREDICATE);
  }

  /** A statement that says something of an image. */
  public static byte[] statement(Digest digest, String predicateType) {
    return json(
        Map.of(
            "_type",
            "https://in-toto.io/Statement/v1",
            "subject",
            List.of(
                Map.of("digest", Map.of("sha256", "0".repeat(64))),
                Map.of("digest", Map.of(digest.algorithm(), digest.hex()))),
            "predicateType",
            predicateType,
            "predicate",
            Map.of()));
  }

  /** A bundle with a statement in an envelope. */
  public static byte[] bundle(byte[] statement, SigningKey key) {
    String type = "application/vnd.in-toto+json";
    // as DSSE defines it, and not by the code under test
    byte[] head = ("DSSEv1 28 " + type + " " + statement.length + " ").getBytes(UTF_8);
    byte[] signed = new byte[head.length + statement.length];
    System.arraycopy(head, 0, signed, 0, head.length);
    System.arraycopy(statement, 0, signed, head.length, statement.length);
    return bundle(
        "dsseEnvelope",
        Map.of(
            "payload",
            statement,
            "payloadType",
            type,
            "signatures",
            List.of(Map.of("sig", key.sign(signed), "keyid", ""))));
  }

  /** A bundle with a signature of the manifest itself. */
  public static byte[] bundleOf(byte[] manifest, Digest claimed, SigningKey key) {
    return bundle(
        "messageSignature",
        Map.of(
            "messageDigest",
            Map.of("algorithm", "SHA2_256", "digest", HexFormat.of().parseHex(claimed.hex())),
            "signature",
            key.sign(manifest)));
  }

  private static byte[] bundle(String field, Map<String, Object> content) {
    return json(
        Map.of(
            "mediaType",
            ImageSignature.BUNDLE_TYPE,
            "verificationMaterial",
            Map.of("publicKey", Map.of("hint", "a key")),
            field,
            content));
  }

  /** Any document. */
  public static byte[] json(Object document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
