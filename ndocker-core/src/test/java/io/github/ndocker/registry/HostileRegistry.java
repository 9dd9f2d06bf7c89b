package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A registry that serves a {@link TinyImage} and does one thing wrong. Faults of layers hit one
 * layer; all others are served as they are.
 */
public final class HostileRegistry implements AutoCloseable {
  /** What it does wrong. */
  public enum Fault {
    NONE,
    MANIFEST_NOT_FOUND,
    MANIFEST_IS_HTML,
    MANIFEST_OF_100_MB,
    MANIFEST_WITH_WRONG_DIGEST_HEADER,
    INDEXES_WITHOUT_END,
    SERVER_ERROR_ONCE,
    SERVER_ERROR_ALWAYS,
    TOKEN_WANTED,
    LOGIN_WANTED,
    LAYER_NOT_FOUND,
    LAYER_OF_OTHER_BYTES,
    LAYER_TRUNCATED,
    LAYER_CONNECTION_BREAKS,
    LAYER_CONNECTION_BREAKS_BEFORE_FIRST_BYTE_ONCE,
    LAYER_CONNECTION_BREAKS_ONCE,
    LAYER_CONNECTION_BREAKS_ONCE_AND_RANGES_ARE_UNKNOWN,
    LAYER_CONTINUED_ELSEWHERE,
    LAYER_CONTINUED_WITH_OTHER_BYTES,
    BUSY_ONCE,
    BUSY_FOR_AN_HOUR,
    LAYER_STALLS,
    LAYER_WITHOUT_END,
    LAYER_OF_WRONG_CONTENT_LENGTH,
    LAYER_REDIRECTED_TO_OTHER_HOST,
    LAYER_REDIRECTED_WITHOUT_END,
    LAYER_REDIRECTED_TO_PLAIN_HTTP_ELSEWHERE
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "a.very-secret_token";

  private volatile TinyImage image;
  private volatile Fault fault;
  private final int faultyLayer;
  private final HttpServer server;
  private final HttpServer otherHost;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch someArrived = new CountDownLatch(1);
  private final Map<Digest, CountDownLatch> withheld = new ConcurrentHashMap<>();
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();
  private final List<String> otherHostAuthorization = new CopyOnWriteArrayList<>();
  private final List<String> tokenForms = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private final List<byte[]> indexes = new ArrayList<>();
  private final Map<String, Runnable> asked = new ConcurrentHashMap<>();
  private volatile boolean behindIndex;

  private HostileRegistry(TinyImage image, Fault fault, int faultyLayer) throws IOException {
    this.image = image;
    this.fault = fault;
    this.faultyLayer = faultyLayer;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    this.otherHost =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chainIndexes();
    server.createContext("/", this::serve);
    otherHost.createContext("/", this::serveElsewhere);
    server.setExecutor(threads);
    otherHost.setExecutor(threads);
    server.start();
    otherHost.start();
  }

  /** Serves an image with one fault; of layers, the topmost one is the faulty one. */
  public static HostileRegistry serving(TinyImage image, Fault fault) throws IOException {
    return new HostileRegistry(image, fault, image.layers().size() - 1);
  }

  /** Serves an image with one fault of one layer. */
  public static HostileRegistry serving(TinyImage image, Fault fault, int faultyLayer)
      throws IOException {
    return new HostileRegistry(image, fault, faultyLayer);
  }

  /** The image, as this registry names it. */
  public ImageReference reference() throws IOException {
    return ImageReference.parse(
        "127.0.0.1:" + server.getAddress().getPort() + "/library/tiny:latest");
  }

  /** Does nothing wrong any more. */
  public void repair() {
    fault = Fault.NONE;
  }

  /** Serves another image under the same name from now on. */
  public void replaceWith(TinyImage other) {
    image = other;
  }

  /** Serves an index under every tag from now on, which names the image for this platform. */
  public void putBehindIndex() {
    behindIndex = true;
  }

  /** Does something whenever a path is asked for that ends like this, before it is served. */
  public void whenAskedFor(String suffix, Runnable action) {
    asked.put(suffix, action);
  }

  /** Lets whoever asks for the configuration wait until all is let go of. */
  public void withholdConfig() {
    withheld.put(TinyLayer.sha256(image.config()), new CountDownLatch(1));
  }

  /** Lets whoever asks for a layer wait until it is let go. */
  public void withhold(TinyLayer layer) {
    withheld.put(layer.digest(), new CountDownLatch(1));
  }

  /** Sends a withheld layer. */
  public void letGo(TinyLayer layer) {
    withheld.get(layer.digest()).countDown();
  }

  /** Sends whatever is withheld. */
  public void letGoOfAll() {
    withheld.values().forEach(CountDownLatch::countDown);
  }

  /** How often a path was asked for that ends like this. */
  public int requestsFor(String suffix) {
    return requests.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(suffix))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** How tokens were asked for: methods and forms. */
  public List<String> tokenForms() {
    return List.copyOf(tokenForms);
  }

  /** The credentials that it was shown. */
  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /** The client has some bytes of a layer: its connection may break now. */
  public void someHasArrived() {
    someArrived.countDown();
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The ranges that were asked for after a transfer had broken. */
  public List<String> ranges() {
    return List.copyOf(ranges);
  }

  /** The credentials that the other host was shown. */
  public List<String> credentialsShownElsewhere() {
    return List.copyOf(otherHostAuthorization);
  }

  /** Indexes that each name the next one, with the right digest. */
  private void chainIndexes() throws IOException {
    byte[] named = image.manifest();
    String mediaType = MediaTypes.OCI_MANIFEST;
    for (int i = 0; i < 50; i++) {
      named =
          JSON.writeValueAsBytes(
              Map.of(
                  "schemaVersion",
                  2,
                  "mediaType",
                  MediaTypes.OCI_INDEX,
                  "manifests",
                  List.of(TinyImage.descriptor(mediaType, named))));
      mediaType = MediaTypes.OCI_INDEX;
      indexes.add(0, named);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      int times = requests.merge(path, 1, Integer::sum);
      asked.forEach(
          (suffix, action) -> {
            if (path.endsWith(suffix)) {
              action.run();
            }
          });
      if (path.equals("/token")) {
        tokenForms.add(
            exchange.getRequestMethod()
                + " "
                + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        answer(
            exchange, 200, "application/json", ("{\"token\":\"" + TOKEN + "\"}").getBytes(UTF_8));
      } else if (!isAuthorized(exchange)) {
        answer(exchange, 401, "text/plain", new byte[0]);
      } else if (path.contains("/manifests/")) {
        manifest(exchange, path.substring(path.lastIndexOf('/') + 1), times);
      } else if (path.contains("/blobs/")) {
        blob(exchange, Digest.parse(path.substring(path.lastIndexOf('/') + 1)), times);
      } else {
        answer(exchange, 404, "text/plain", new byte[0]);
      }
    }
  }

  private boolean isAuthorized(HttpExchange exchange) {
    String shown =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    if (!shown.isEmpty()) {
      authorizations.add(shown);
    }
    String challenge;
    if (fault == Fault.TOKEN_WANTED && !shown.equals("Bearer " + TOKEN)) {
      challenge =
          "Bearer realm=\"http://127.0.0.1:"
              + server.getAddress().getPort()
              + "/token\",service=\"tiny registry\",scope=\"repository:library/tiny:pull\"";
    } else if ((fault == Fault.LOGIN_WANTED || fault == Fault.LAYER_REDIRECTED_TO_OTHER_HOST)
        && !shown.startsWith("Basic ")) {
      challenge = "Basic realm=\"tiny registry\"";
    } else {
      return true;
    }
    exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
    return false;
  }

  private void manifest(HttpExchange exchange, String target, int times) throws IOException {
    switch (fault) {
      case MANIFEST_NOT_FOUND -> answer(exchange, 404, "application/json", "{}".getBytes(UTF_8));
      case MANIFEST_IS_HTML ->
          answer(exchange, 200, "text/html", "<html>Please log in</html>".getBytes(UTF_8));
      case MANIFEST_OF_100_MB -> endless(exchange, MediaTypes.OCI_MANIFEST, 100_000_000);
      case MANIFEST_WITH_WRONG_DIGEST_HEADER -> {
        exchange
            .getResponseHeaders()
            .set("Docker-Content-Digest", TinyLayer.sha256(new byte[] {1}).toString());
        answer(exchange, 200, MediaTypes.OCI_MANIFEST, image.manifest());
      }
      case INDEXES_WITHOUT_END -> index(exchange, target);
      case BUSY_ONCE, BUSY_FOR_AN_HOUR -> {
        if (times == 1) {
          exchange.getResponseHeaders().set("Retry-After", fault == Fault.BUSY_ONCE ? "1" : "3600");
          answer(exchange, 429, "text/plain", new byte[0]);
        } else {
          answer(exchange, 200, MediaTypes.OCI_MANIFEST, image.manifest());
        }
      }
      case SERVER_ERROR_ONCE, SERVER_ERROR_ALWAYS -> {
        if (times == 1 || fault == Fault.SERVER_ERROR_ALWAYS) {
          answer(exchange, 500, "text/plain", "out of order".getBytes(UTF_8));
        } else {
          answer(exchange, 200, MediaTypes.OCI_MANIFEST, image.manifest());
        }
      }
      default -> {
        if (behindIndex && !target.contains(":")) {
          answer(exchange, 200, MediaTypes.OCI_INDEX, image.index());
        } else {
          answer(exchange, 200, MediaTypes.OCI_MANIFEST, image.manifest());
        }
      }
    }
  }

  private void index(HttpExchange exchange, String target) throws IOException {
    byte[] found =
        indexes.stream()
            .filter(index -> TinyLayer.sha256(index).toString().equals(target))
            .findFirst()
            .orElse(indexes.get(0));
    answer(exchange, 200, MediaTypes.OCI_INDEX, found);
  }

  private void blob(HttpExchange exchange, Digest digest, int times) throws IOException {
    byte[] bytes = image.blobs().get(digest);
    if (withheld.containsKey(digest)) {
      await(withheld.get(digest));
    }
    if (bytes == null) {
      answer(exchange, 404, "text/plain", new byte[0]);
    } else if (image.positionOf(digest).filter(position -> position == faultyLayer).isPresent()) {
      faulty(exchange, bytes, times);
    } else {
      answer(exchange, 200, "application/octet-stream", bytes);
    }
  }

  private void faulty(HttpExchange exchange, byte[] bytes, int times) throws IOException {
    int half = bytes.length / 2;
    switch (fault) {
      case LAYER_NOT_FOUND -> answer(exchange, 404, "text/plain", new byte[0]);
      case LAYER_OF_OTHER_BYTES -> {
        byte[] other = bytes.clone();
        other[half] ^= 1;
        answer(exchange, 200, "application/octet-stream", other);
      }
      case LAYER_TRUNCATED -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(bytes, 0, half);
      }
      case LAYER_CONNECTION_BREAKS -> breakAfter(exchange, bytes, half);
      case LAYER_CONNECTION_BREAKS_BEFORE_FIRST_BYTE_ONCE -> {
        if (times == 1) {
          breakAfter(exchange, bytes, 0);
        } else {
          answer(exchange, 200, "application/octet-stream", bytes);
        }
      }
      case LAYER_CONNECTION_BREAKS_ONCE,
          LAYER_CONNECTION_BREAKS_ONCE_AND_RANGES_ARE_UNKNOWN,
          LAYER_CONTINUED_ELSEWHERE,
          LAYER_CONTINUED_WITH_OTHER_BYTES -> {
        if (times == 1) {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes, 0, half);
          exchange.getResponseBody().flush();
          // or the client might see only that the connection breaks
          await(someArrived);
          throw new IOException("broken on purpose");
        } else {
          continued(exchange, bytes, half);
        }
      }
      case LAYER_STALLS -> {
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes, 0, half);
        exchange.getResponseBody().flush();
        await(closed);
        throw new IOException("the registry is closed");
      }
      case LAYER_WITHOUT_END -> endless(exchange, "application/octet-stream", Long.MAX_VALUE);
      case LAYER_OF_WRONG_CONTENT_LENGTH -> {
        byte[] longer = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, longer, 0, bytes.length);
        answer(exchange, 200, "application/octet-stream", longer);
      }
      case LAYER_REDIRECTED_TO_OTHER_HOST ->
          redirect(exchange, "http://localhost:" + otherHost.getAddress().getPort() + "/elsewhere");
      case LAYER_REDIRECTED_WITHOUT_END -> redirect(exchange, exchange.getRequestURI().toString());
      case LAYER_REDIRECTED_TO_PLAIN_HTTP_ELSEWHERE ->
          redirect(exchange, "http://192.0.2.1/blob?signature=secret");
      default -> answer(exchange, 200, "application/octet-stream", bytes);
    }
  }

  /** What a client gets that asks for the rest. */
  private void continued(HttpExchange exchange, byte[] bytes, int from) throws IOException {
    ranges.addAll(exchange.getRequestHeaders().getOrDefault("Range", List.of()));
    if (fault == Fault.LAYER_CONNECTION_BREAKS_ONCE_AND_RANGES_ARE_UNKNOWN) {
      answer(exchange, 200, "application/octet-stream", bytes);
      return;
    }
    byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
    if (fault == Fault.LAYER_CONTINUED_WITH_OTHER_BYTES) {
      rest[rest.length / 2] ^= 1;
    }
    int announced = fault == Fault.LAYER_CONTINUED_ELSEWHERE ? from + 1 : from;
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + announced + "-" + (bytes.length - 1) + "/" + bytes.length);
    answer(exchange, 206, "application/octet-stream", rest);
  }

  private void serveElsewhere(HttpExchange exchange) throws IOException {
    try (exchange) {
      otherHostAuthorization.addAll(
          exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
      answer(
          exchange, 200, "application/octet-stream", image.layers().get(faultyLayer).compressed());
    }
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    answer(exchange, 307, "text/plain", new byte[0]);
  }

  /** The server closes a connection whose announced bytes were not all written. */
  private static void breakAfter(HttpExchange exchange, byte[] bytes, int length)
      throws IOException {
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes, 0, length);
    exchange.getResponseBody().flush();
    if (length > 0) {
      // by then the client has seen that there is an answer, and not only that it breaks
      LockSupport.parkNanos(200_000_000);
    }
    throw new IOException("broken on purpose");
  }

  private void endless(HttpExchange exchange, String mediaType, long length) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", mediaType);
    exchange.sendResponseHeaders(200, 0);
    byte[] spaces = " ".repeat(65_536).getBytes(UTF_8);
    OutputStream body = exchange.getResponseBody();
    for (long written = 0; written < length && closed.getCount() > 0; written += spaces.length) {
      body.write(spaces);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String mediaType, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", mediaType);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    someArrived.countDown();
    letGoOfAll();
    server.stop(0);
    otherHost.stop(0);
    threads.shutdownNow();
  }
}
