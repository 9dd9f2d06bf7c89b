package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.trust.ImageSignature;
import io.github.ndocker.trust.SignatureDocuments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry of one repository that answers what it was told to, and 404 to all else. */
final class ScriptedRegistry implements AutoCloseable {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(int status, String mediaType, byte[] body, Map<String, String> headers) {}

  private static final String ROOT = "/v2/library/tiny/";

  /** The configuration of what is no image. */
  static final byte[] EMPTY = "{}".getBytes(UTF_8);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Runnable> afterwards = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  ScriptedRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /** One that serves an image as {@code latest}. */
  static ScriptedRegistry serving(TinyImage image) throws IOException {
    ScriptedRegistry registry = new ScriptedRegistry();
    registry.serve(image);
    return registry;
  }

  void serve(TinyImage image) {
    image.blobs().values().forEach(this::blob);
    manifest("latest", MediaTypes.OCI_MANIFEST, image.manifest());
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** As signatures name it. */
  String repository() {
    return host() + "/library/tiny";
  }

  ImageReference reference() throws IOException {
    return ImageReference.parse(repository() + ":latest");
  }

  /** Paths and queries below the repository, in the order they were asked for. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Answers a path below the repository, with its query. */
  void answer(String path, int status, String mediaType, byte[] body, Map<String, String> headers) {
    answers.put(path, new Answer(status, mediaType, body, headers));
  }

  /** Does something once a path has been answered. */
  void after(String path, Runnable change) {
    afterwards.put(path, change);
  }

  void blob(byte[] bytes) {
    answer("blobs/" + TinyLayer.sha256(bytes), 200, "application/octet-stream", bytes, Map.of());
  }

  /** A manifest under a tag and under its digest. */
  void manifest(String tag, String mediaType, byte[] json) {
    answer("manifests/" + tag, 200, mediaType, json, Map.of());
    answer("manifests/" + TinyLayer.sha256(json), 200, mediaType, json, Map.of());
  }

  /** Answers with status 500. */
  void fail(String path) {
    answer(path, 500, "text/plain", "out of order".getBytes(UTF_8), Map.of());
  }

  /** Has signatures of an image under its tag for them. */
  void sign(Digest image, List<SignedPayload> signatures) {
    manifest(signatureTag(image), MediaTypes.OCI_MANIFEST, signatureManifest(signatures));
    signatures.forEach(signature -> blob(signature.payload()));
  }

  /** Has bundles listed as referrers of an image, by the API for that. */
  void refer(Digest image, List<byte[]> bundles) {
    answer(referrers(image), 200, MediaTypes.OCI_INDEX, index(bundles), Map.of());
  }

  static String signatureTag(Digest image) {
    return "sha256-" + image.hex() + ".sig";
  }

  static String referrers(Digest image) {
    return "referrers/" + image + "?artifactType=application%2Fvnd.dev.sigstore.bundle.v0.3%2Bjson";
  }

  static byte[] signatureManifest(List<SignedPayload> signatures) {
    List<Map<String, Object>> layers = new ArrayList<>();
    for (SignedPayload signature : signatures) {
      Map<String, Object> layer =
          new HashMap<>(TinyImage.descriptor(ImageSignature.PAYLOAD_TYPE, signature.payload()));
      layer.put("annotations", Map.of(ImageSignature.SIGNATURE_ANNOTATION, signature.signature()));
      layers.add(layer);
    }
    return manifestOf(layers);
  }

  /** Serves bundles and their manifests; returns the index that lists them. */
  byte[] index(List<byte[]> bundles) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (byte[] bundle : bundles) {
      blob(bundle);
      byte[] manifest = bundleManifest(bundle);
      manifest(TinyLayer.sha256(manifest).toString(), MediaTypes.OCI_MANIFEST, manifest);
      entries.add(bundleEntry(manifest));
    }
    return indexOf(entries);
  }

  static byte[] bundleManifest(byte[] bundle) {
    return manifestOf(List.of(TinyImage.descriptor(ImageSignature.BUNDLE_TYPE, bundle)));
  }

  /** As a list of referrers has it. */
  static Map<String, Object> bundleEntry(byte[] manifest) {
    Map<String, Object> entry =
        new HashMap<>(TinyImage.descriptor(MediaTypes.OCI_MANIFEST, manifest));
    entry.put("artifactType", ImageSignature.BUNDLE_TYPE);
    return entry;
  }

  static byte[] indexOf(List<Map<String, Object>> entries) {
    return SignatureDocuments.json(
        Map.of("schemaVersion", 2, "mediaType", MediaTypes.OCI_INDEX, "manifests", entries));
  }

  private static byte[] manifestOf(List<Map<String, Object>> layers) {
    return SignatureDocuments.json(
        Map.of(
            "schemaVersion",
            2,
            "mediaType",
            MediaTypes.OCI_MANIFEST,
            "config",
            TinyImage.descriptor("application/vnd.oci.empty.v1+json", EMPTY),
            "layers",
            layers));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      String below = path.startsWith(ROOT) ? path.substring(ROOT.length()) : path;
      requests.add(below);
      Answer answer =
          answers.getOrDefault(below, new Answer(404, "text/plain", new byte[0], Map.of()));
      exchange.getResponseHeaders().set("Content-Type", answer.mediaType);
      answer.headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          answer.status, answer.body.length == 0 ? -1 : answer.body.length);
      // before the body: the client goes on as soon as it has it
      afterwards.getOrDefault(below, () -> {}).run();
      exchange.getResponseBody().write(answer.body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
