package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * A registry on a bare socket, so that it can say what no HTTP server would: each answer is written
 * by the test, byte for byte if need be, and then the connection is closed.
 */
public final class LyingRegistry implements AutoCloseable {
  /** Where it keeps its image. */
  private static final String REPOSITORY = "library/tiny";

  /** How often something comes from somebody who is slow on purpose. */
  private static final long TRICKLE_MILLIS = 20;

  /** Writes what comes back. */
  @FunctionalInterface
  public interface Answer {
    void to(Request request, Reply reply) throws IOException;
  }

  /** What was asked; headers by their names in lower case. */
  public record Request(String method, String path, Map<String, String> headers, String body) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  private record Rule(String suffix, Answer answer) {}

  private final ServerSocket server;
  private final String name;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong sentBytes = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch someArrived = new CountDownLatch(1);

  private LyingRegistry(ServerSocket server, String name) {
    this.server = server;
    this.name = name;
    threads.execute(this::accept);
  }

  /** A registry at an address of this host. */
  public static LyingRegistry start() throws IOException {
    return start("127.0.0.1");
  }

  /** A registry that goes by another name of this host. */
  static LyingRegistry start(String name) throws IOException {
    return new LyingRegistry(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), name);
  }

  /** A registry that is asked by HTTPS. */
  static LyingRegistry start(SSLContext context) throws IOException {
    return new LyingRegistry(
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        "127.0.0.1");
  }

  /** Answers so to paths that end like this; what is said last counts. */
  public LyingRegistry on(String suffix, Answer answer) {
    rules.add(0, new Rule(suffix, answer));
    return this;
  }

  /** Serves an image as it should be served. */
  public LyingRegistry serving(TinyImage image) {
    image.blobs().forEach(this::blob);
    return manifest("latest", MediaTypes.OCI_MANIFEST, image.manifest())
        .manifest(image.manifestDigest().toString(), MediaTypes.OCI_MANIFEST, image.manifest());
  }

  /** Serves a manifest or an index. */
  public LyingRegistry manifest(String target, String mediaType, byte[] json) {
    return on("/manifests/" + target, (request, reply) -> reply.send(mediaType, json));
  }

  /** Serves bytes as the blob of that name, whatever they are. */
  public LyingRegistry blob(Digest digest, byte[] bytes) {
    return on(
        "/blobs/" + digest, (request, reply) -> reply.send("application/octet-stream", bytes));
  }

  /** Host and port. */
  public String host() {
    return name + ":" + server.getLocalPort();
  }

  /** The image, as this registry names it. */
  public ImageReference reference() throws IOException {
    return ImageReference.parse(host() + "/" + REPOSITORY + ":latest");
  }

  /** What it was asked for, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The logins and tokens that it was shown. */
  public List<String> authorizations() {
    return requests.stream().flatMap(request -> request.header("authorization").stream()).toList();
  }

  /** How much was taken from it, and lies in buffers between. */
  public long sentBytes() {
    return sentBytes.get();
  }

  /** The client has some bytes of the layer that matters: its connection may break now. */
  public void someHasArrived() {
    someArrived.countDown();
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      Request request = read(in);
      requests.add(request);
      Reply reply = new Reply(connection);
      String path = request.path().replaceFirst("\\?.*", "");
      for (Rule rule : rules) {
        if (path.endsWith(rule.suffix())) {
          rule.answer().to(request, reply);
          return;
        }
      }
      reply.send(404);
    } catch (IOException e) {
      // the client wanted no more, or the answer broke off on purpose
    } finally {
      connections.remove(connection);
    }
  }

  private static Request read(InputStream in) throws IOException {
    String[] first = line(in).split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(first[0], first[1], headers, new String(in.readNBytes(length), UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("no request");
      }
      line.append((char) octet);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    someArrived.countDown();
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
  }

  /** One answer. */
  public final class Reply {
    private final Socket connection;
    private final OutputStream out;

    private Reply(Socket connection) throws IOException {
      this.connection = connection;
      this.out =
          new FilterOutputStream(connection.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              out.write(bytes, from, length);
              sentBytes.addAndGet(length);
            }
          };
    }

    /** The whole answer, of status 200. */
    void send(String mediaType, byte[] body) throws IOException {
      head(200, "Content-Type: " + mediaType, "Content-Length: " + body.length);
      write(body);
    }

    /** An answer without a body. */
    void send(int status, String... headers) throws IOException {
      List<String> all = new ArrayList<>(List.of(headers));
      all.add("Content-Length: 0");
      head(status, all.toArray(String[]::new));
    }

    /** The head of an answer, as it is; without a length the body ends with the connection. */
    void head(int status, String... headers) throws IOException {
      StringBuilder head =
          new StringBuilder("HTTP/1.1 " + status + " Said\r\nConnection: close\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      text(head + "\r\n");
    }

    void text(String text) throws IOException {
      write(text.getBytes(ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
      out.write(bytes, 0, bytes.length);
    }

    /** The same bytes again and again until there are so many, or the client has enough. */
    void repeat(byte[] bytes, long length) throws IOException {
      for (long sent = 0; sent < length; sent += bytes.length) {
        write(bytes);
      }
    }

    /** One byte now and then, for ever. */
    void trickle() throws IOException {
      while (true) {
        text("x");
        pause();
      }
    }

    /** Nothing for a moment that is shorter than anybody's patience. */
    void pause() throws IOException {
      if (isClosedWithin(TRICKLE_MILLIS)) {
        throw new IOException("the registry is closed");
      }
    }

    /** Nothing any more, and the connection stays open. */
    void stall() throws IOException {
      boolean unused = isClosedWithin(Long.MAX_VALUE);
    }

    /**
     * Ends the connection as a host does that has forgotten it (RST); what is under way is lost.
     */
    void reset() throws IOException {
      connection.setSoLinger(true, 0);
      connection.close();
    }

    /** Ends the connection, but not before the client has what was sent. */
    void breakWhenSomeHasArrived() throws IOException {
      await(someArrived, Long.MAX_VALUE);
      throw new IOException("broken on purpose");
    }

    private boolean isClosedWithin(long millis) throws IOException {
      return await(closed, millis);
    }

    private static boolean await(CountDownLatch latch, long millis) throws IOException {
      try {
        return latch.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
