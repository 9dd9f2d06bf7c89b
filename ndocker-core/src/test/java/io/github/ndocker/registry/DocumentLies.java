package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.PlatformNotFoundException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Lies about manifests, indexes and configurations. */
public final class DocumentLies {
  private static final long GIGABYTE = 1L << 30;
  private static final byte[] SPACES = " ".repeat(1 << 16).getBytes(UTF_8);
  private static final String MANIFEST = MediaTypes.OCI_MANIFEST;

  private DocumentLies() {}

  public static List<Lie> all() {
    return Stream.of(ofSize(), ofType(), ofIndexes(), ofContents(), ofDigests())
        .flatMap(List::stream)
        .toList();
  }

  private static Lie malformed(String name, String says, Lie.Script script) {
    return new Lie(name, MalformedManifestException.class, says, script);
  }

  private static Lie mismatch(String name, Lie.Script script) {
    return new Lie(name, DigestMismatchException.class, "sha", script);
  }

  private static Lie refused(String name, String says, Lie.Script script) {
    return new Lie(name, RegistryException.class, says, script);
  }

  private static Lie tooLong(String name, Lie.Script script) {
    return new Lie(name, AnswerTooLargeException.class, "more than 4194304 bytes", script);
  }

  /** A manifest that was edited before its registry named it. */
  private static Lie layer(String name, String says, Consumer<ObjectNode> edit) {
    return malformed(
        name,
        says,
        (registry, image) ->
            registry.manifest("latest", MANIFEST, EditedJson.ofLayer(image, 1, edit)));
  }

  private static Lie text(String name, String says, String json) {
    return malformed(
        name,
        says,
        (registry, image) -> registry.manifest("latest", MANIFEST, json.getBytes(UTF_8)));
  }

  private static List<Lie> ofSize() {
    return List.of(
        tooLong(
            "a manifest of 1 GB that is announced",
            (registry, image) ->
                registry.on("/manifests/latest", (request, reply) -> gigabyte(reply, true))),
        tooLong(
            "a manifest of 1 GB that is not announced",
            (registry, image) ->
                registry.on("/manifests/latest", (request, reply) -> gigabyte(reply, false))),
        malformed(
            "a configuration of 1 GB that its manifest admits",
            "a configuration of 1073741824 bytes",
            (registry, image) ->
                registry.manifest(
                    "latest",
                    MANIFEST,
                    EditedJson.ofConfig(image, config -> config.put("size", GIGABYTE)))),
        refused(
            "a configuration of 1 GB that is announced",
            "but 1073741824 are announced",
            (registry, image) ->
                registry.on(config(image), (request, reply) -> gigabyte(reply, true))),
        refused(
            "a configuration of 1 GB that is not announced",
            "more than the expected",
            (registry, image) ->
                registry.on(config(image), (request, reply) -> gigabyte(reply, false))),
        new Lie(
            "a configuration shorter than its manifest says",
            TruncatedBlobException.class,
            "expected ",
            (registry, image) ->
                registry.blob(
                    TinyLayer.sha256(image.config()),
                    Arrays.copyOf(image.config(), image.config().length - 1))),
        layer("a layer of negative size", "size of -1", layer -> layer.put("size", -1)),
        layer("a layer of half a byte", "whole number", layer -> layer.put("size", 0.5)),
        layer(
            "a layer of 9 EB", "at most 4398046511104", layer -> layer.put("size", Long.MAX_VALUE)),
        layer("a layer whose size is a text", "whole number", layer -> layer.put("size", "9")),
        layer(
            "a layer of more bytes than a number holds",
            "whole number",
            layer -> layer.put("size", new BigInteger("9223372036854775808"))),
        malformed(
            "a configuration of negative size",
            "size of -5",
            (registry, image) ->
                registry.manifest(
                    "latest",
                    MANIFEST,
                    EditedJson.ofConfig(image, config -> config.put("size", -5)))));
  }

  private static List<Lie> ofType() {
    return List.of(
        malformed(
            "a manifest served as an index",
            "but declares",
            (registry, image) ->
                registry.manifest("latest", MediaTypes.OCI_INDEX, image.manifest())),
        malformed(
            "a manifest served as another type than its index says",
            "but it was served as",
            (registry, image) ->
                named(registry, image.manifest(), MANIFEST, MediaTypes.DOCKER_MANIFEST)),
        malformed(
            "a manifest of another type than its index says, served as just JSON",
            "but declares",
            (registry, image) ->
                named(registry, image.manifest(), MediaTypes.DOCKER_MANIFEST, "application/json")),
        text("schema 1 by its version", "schema 1", "{\"schemaVersion\":1,\"name\":\"tiny\"}"),
        malformed(
            "schema 1 by its type",
            "schema 1",
            (registry, image) ->
                registry.manifest(
                    "latest",
                    "application/vnd.docker.distribution.manifest.v1+prettyjws",
                    image.manifest())),
        text("schema 3", "schema version 2", "{\"schemaVersion\":3}"),
        layer(
            "a layer of an unknown type",
            "not a tar",
            layer -> layer.put("mediaType", "application/vnd.oci.image.layer.v1.squashfs")),
        layer(
            "a foreign layer that lies elsewhere",
            "foreign",
            layer ->
                layer
                    .put(
                        "mediaType", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
                    .putArray("urls")
                    .add("http://192.0.2.1/layer")),
        malformed(
            "a configuration that is a chart",
            "not that of an image",
            (registry, image) ->
                registry.manifest(
                    "latest",
                    MANIFEST,
                    EditedJson.ofConfig(
                        image,
                        config ->
                            config.put("mediaType", "application/vnd.cncf.helm.config.v1+json")))),
        malformed(
            "a login page",
            "",
            (registry, image) ->
                registry.manifest("latest", "text/html", "<html>Log in</html>".getBytes(UTF_8))));
  }

  private static List<Lie> ofIndexes() {
    return List.of(
        mismatch(
            "an index that names itself",
            (registry, image) -> {
              Digest self = TinyLayer.sha256(new byte[] {7});
              byte[] index = index(self);
              registry.manifest("latest", MediaTypes.OCI_INDEX, index);
              registry.manifest(self.toString(), MediaTypes.OCI_INDEX, index);
            }),
        mismatch(
            "two indexes that name each other",
            (registry, image) -> {
              Digest unknowable = TinyLayer.sha256(new byte[] {8});
              byte[] first = index(unknowable);
              byte[] second = index(TinyLayer.sha256(first));
              registry.manifest("latest", MediaTypes.OCI_INDEX, second);
              registry.manifest(TinyLayer.sha256(first).toString(), MediaTypes.OCI_INDEX, first);
              registry.manifest(unknowable.toString(), MediaTypes.OCI_INDEX, second);
            }),
        malformed(
            "indexes inside each other without end",
            "indexes inside each other",
            (registry, image) -> {
              byte[] inner = image.manifest();
              String type = MANIFEST;
              for (int depth = 0; depth < 50; depth++) {
                inner = EditedJson.index(type, TinyLayer.sha256(inner), inner.length);
                type = MediaTypes.OCI_INDEX;
                registry.manifest(TinyLayer.sha256(inner).toString(), type, inner);
              }
              registry.manifest("latest", type, inner);
            }),
        tooLong(
            "an index of 100,000 manifests",
            (registry, image) ->
                registry.manifest(
                    "latest", MediaTypes.OCI_INDEX, many("manifests", 100_000).getBytes(UTF_8))),
        new Lie(
            "an index of 20,000 manifests for another platform",
            PlatformNotFoundException.class,
            "plan9",
            (registry, image) ->
                registry.manifest(
                    "latest",
                    MediaTypes.OCI_INDEX,
                    many("manifests", 20_000)
                        .replace("\"size\":1}", "\"size\":1,\"platform\":{\"os\":\"plan9\"}}")
                        .getBytes(UTF_8))),
        malformed(
            "a manifest of another size than its index says",
            "its index says 7 bytes",
            (registry, image) -> {
              Digest digest = image.manifestDigest();
              registry.manifest(
                  "latest", MediaTypes.OCI_INDEX, EditedJson.index(MANIFEST, digest, 7));
            }),
        malformed(
            "an index that is empty",
            "",
            (registry, image) -> {
              registry.manifest("latest", MediaTypes.OCI_INDEX, new byte[0]);
            }));
  }

  private static List<Lie> ofContents() {
    return List.of(
        text("JSON a million levels deep", "within the limits", "[".repeat(1_000_000)),
        text(
            "objects a thousand levels deep",
            "within the limits",
            "{\"schemaVersion\":2,\"a\":" + "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_001)),
        text(
            "a key that comes twice",
            "within the limits",
            "{\"schemaVersion\":2,\"layers\":[],\"layers\":[]}"),
        text(
            "a document that is both manifest and index",
            "both a manifest and an index",
            "{\"schemaVersion\":2,\"mediaType\":\""
                + MANIFEST
                + "\",\"manifests\":[],\"layers\":[]}"),
        text("something after the end of the manifest", "within the limits", "{} {}"),
        text(
            "a number of a million digits", "within the limits", "{\"a\":" + "9".repeat(1_000_000)),
        malformed(
            "a manifest of 10,000 layers",
            "10003 layers",
            (registry, image) ->
                registry.manifest(
                    "latest",
                    MANIFEST,
                    EditedJson.of(
                        image.manifest(),
                        manifest -> {
                          ArrayNode layers = (ArrayNode) manifest.get("layers");
                          for (int i = 0; i < 10_000; i++) {
                            layers.add(layers.get(0));
                          }
                        }))),
        malformed(
            "fewer diff IDs than layers",
            "3 layers, but its configuration has 2",
            (registry, image) -> configured(registry, image, config -> diffIds(config).remove(2))),
        malformed(
            "more diff IDs than layers",
            "3 layers, but its configuration has 4",
            (registry, image) ->
                configured(registry, image, config -> diffIds(config).add(diffIds(config).get(0)))),
        malformed(
            "a diff ID that is no digest",
            "diff ID 1",
            (registry, image) ->
                configured(registry, image, config -> diffIds(config).set(1, "../../etc"))),
        malformed(
            "a diff ID that no tier could name a blob by",
            "diff ID 2 is a sha512",
            (registry, image) ->
                configured(
                    registry,
                    image,
                    config -> diffIds(config).set(2, Lie.sha512(new byte[0]).toString()))),
        malformed(
            "a configuration that is no JSON",
            "configuration",
            (registry, image) -> {
              byte[] config = "#!/bin/sh".getBytes(UTF_8);
              registry.blob(TinyLayer.sha256(config), config);
              registry.manifest("latest", MANIFEST, naming(image, config));
            }),
        new Lie(
            "an image for another platform than its index says",
            PlatformNotFoundException.class,
            "mips",
            (registry, image) ->
                configured(registry, image, config -> config.put("architecture", "mips"))));
  }

  private static List<Lie> ofDigests() {
    return List.of(
        mismatch(
            "a manifest that is not the one in the header",
            (registry, image) ->
                registry.on(
                    "/manifests/latest",
                    (request, reply) -> {
                      reply.head(
                          200,
                          "Content-Type: " + MANIFEST,
                          "Docker-Content-Digest: " + TinyLayer.sha256(new byte[] {1}));
                      reply.write(image.manifest());
                    })),
        malformed(
            "a header that is no digest",
            "digest",
            (registry, image) ->
                registry.on(
                    "/manifests/latest",
                    (request, reply) -> {
                      reply.head(200, "Content-Type: " + MANIFEST, "Docker-Content-Digest: md5:00");
                      reply.write(image.manifest());
                    })),
        mismatch(
            "a manifest that is not the one in its index",
            (registry, image) -> {
              byte[] other =
                  new String(image.manifest(), UTF_8).replace("gzip", "zstd").getBytes(UTF_8);
              registry.manifest(image.manifestDigest().toString(), MANIFEST, other);
              registry.manifest(
                  "latest",
                  MediaTypes.OCI_INDEX,
                  EditedJson.index(MANIFEST, image.manifestDigest(), other.length));
            }),
        mismatch(
            "a manifest that is not the one of that sha512",
            (registry, image) -> {
              Digest wrong = Lie.sha512(new byte[] {1});
              registry.manifest(wrong.toString(), MANIFEST, image.manifest());
              registry.manifest(
                  "latest",
                  MediaTypes.OCI_INDEX,
                  EditedJson.index(MANIFEST, wrong, image.manifest().length));
            }),
        mismatch(
            "a configuration of other bytes",
            (registry, image) -> {
              byte[] other = image.config();
              other[other.length / 2] ^= 1;
              registry.blob(TinyLayer.sha256(image.config()), other);
            }),
        mismatch(
            "a configuration that is not the one of that sha512",
            (registry, image) -> {
              Digest wrong = Lie.sha512(new byte[] {1});
              registry.blob(wrong, image.config());
              registry.manifest(
                  "latest",
                  MANIFEST,
                  EditedJson.ofConfig(image, config -> config.put("digest", wrong.toString())));
            }),
        layer(
            "a digest of an unknown algorithm",
            "digest",
            layer -> layer.put("digest", "md5:" + "0".repeat(32))),
        layer(
            "a sha512 that is too short",
            "digest",
            layer -> layer.put("digest", "sha512:" + "0".repeat(64))));
  }

  private static String config(TinyImage image) {
    return "/blobs/" + TinyLayer.sha256(image.config());
  }

  private static void gigabyte(LyingRegistry.Reply reply, boolean announced) throws IOException {
    if (announced) {
      reply.head(200, "Content-Type: " + MANIFEST, "Content-Length: " + GIGABYTE);
    } else {
      reply.head(200, "Content-Type: " + MANIFEST);
    }
    reply.repeat(SPACES, GIGABYTE);
  }

  /** An index of one manifest, which is another one than the index itself. */
  private static byte[] index(Digest named) throws IOException {
    int size = EditedJson.index(MediaTypes.OCI_INDEX, named, 100).length;
    return EditedJson.index(MediaTypes.OCI_INDEX, named, size);
  }

  /** An index that names a manifest with one type, which is served as another one. */
  private static void named(LyingRegistry registry, byte[] manifest, String named, String servedAs)
      throws IOException {
    Digest digest = TinyLayer.sha256(manifest);
    registry.manifest(digest.toString(), servedAs, manifest);
    registry.manifest(
        "latest", MediaTypes.OCI_INDEX, EditedJson.index(named, digest, manifest.length));
  }

  private static String many(String field, int count) {
    String entry =
        "{\"mediaType\":\""
            + MANIFEST
            + "\",\"digest\":\""
            + TinyLayer.sha256(new byte[0])
            + "\",\"size\":1}";
    return "{\"schemaVersion\":2,\""
        + field
        + "\":["
        + (entry + ",").repeat(count - 1)
        + entry
        + "]}";
  }

  private static ArrayNode diffIds(ObjectNode config) {
    return (ArrayNode) config.at("/rootfs/diff_ids");
  }

  /** The image with an edited configuration, which is named as it should be. */
  private static void configured(LyingRegistry registry, TinyImage image, Consumer<ObjectNode> edit)
      throws IOException {
    byte[] config = EditedJson.of(image.config(), edit);
    registry.blob(TinyLayer.sha256(config), config);
    registry.manifest("latest", MANIFEST, naming(image, config));
  }

  private static byte[] naming(TinyImage image, byte[] config) throws IOException {
    return EditedJson.ofConfig(
        image,
        descriptor ->
            descriptor
                .put("digest", TinyLayer.sha256(config).toString())
                .put("size", config.length));
  }
}
