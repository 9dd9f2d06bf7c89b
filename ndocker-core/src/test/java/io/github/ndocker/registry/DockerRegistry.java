package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The registry of the Docker distribution, on a loopback port and a directory of its own. */
public final class DockerRegistry implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  private final Path directory;
  private final int port;
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();

  private DockerRegistry(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Whether the programs are there; for assumptions. */
  public static boolean isInstalled() {
    return isOnPath("docker-registry") && isOnPath("skopeo");
  }

  static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
  }

  /** Starts a registry and waits until it answers. */
  public static DockerRegistry start() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("docker-registry");
    return start(directory, directory.resolve("storage"), "", "");
  }

  /**
   * Another registry that holds what this one does, and can be asked only by HTTPS.
   *
   * @param certificate of the registry
   * @param key of it
   * @param clientAuthority whose certificates clients must show, if they must
   */
  DockerRegistry withTls(Path certificate, Path key, Optional<Path> clientAuthority)
      throws IOException, InterruptedException {
    return start(
        Files.createTempDirectory("docker-registry"),
        directory.resolve("storage"),
        ", tls: {certificate: '"
            + certificate
            + "', key: '"
            + key
            + "'"
            + clientAuthority.map(file -> ", clientcas: ['" + file + "']").orElse("")
            + "}",
        "");
  }

  /**
   * Another registry that holds what this one does, and lets only those in that log in.
   *
   * @param htpasswd names and bcrypt hashes of passwords
   */
  DockerRegistry withPasswords(Path htpasswd) throws IOException, InterruptedException {
    return start(
        Files.createTempDirectory("docker-registry"),
        directory.resolve("storage"),
        "",
        "auth: {htpasswd: {realm: 'tiny registry', path: '" + htpasswd + "'}}");
  }

  /**
   * Another registry that holds what this one does, and lets those in that have a token.
   *
   * @param realm where it sends them for one
   * @param authority of who may issue them
   */
  DockerRegistry withTokens(String realm, Path authority) throws IOException, InterruptedException {
    return start(
        Files.createTempDirectory("docker-registry"),
        directory.resolve("storage"),
        "",
        "auth: {token: {realm: '"
            + realm
            + "', service: '"
            + TokenService.AUDIENCE
            + "', issuer: '"
            + TokenService.ISSUER
            + "', rootcertbundle: '"
            + authority
            + "'}}");
  }

  private static DockerRegistry start(Path directory, Path storage, String http, String auth)
      throws IOException, InterruptedException {
    int port = freePort();
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        String.join(
            "\n",
            "version: 0.1",
            "log: {level: warn, accesslog: {disabled: true}}",
            "storage:",
            "  filesystem: {rootdirectory: '" + storage + "'}",
            "http: {addr: '127.0.0.1:" + port + "'" + http + "}",
            auth,
            ""));
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    DockerRegistry registry = new DockerRegistry(directory, port, process);
    try {
      registry.awaitReady();
    } catch (IOException e) {
      registry.close();
      throw e;
    }
    return registry;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        // not listening yet: the process gets a moment, or is found to have ended
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException(
        "docker-registry does not answer: " + Files.readString(directory.resolve("log")));
  }

  public int port() {
    return port;
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /** Where {@link #push} puts an image. */
  public ImageReference reference(String tag) throws IOException {
    return ImageReference.parse(host() + "/library/" + tag + ":latest");
  }

  /** Pushes one tag of an OCI layout as {@code library/TAG:latest}. */
  public ImageReference push(Path ociLayout, String tag) throws IOException, InterruptedException {
    return push(ociLayout, tag, "--format", "oci");
  }

  /** As {@link #push(Path, String)}, with a manifest of Docker's schema 2. */
  public ImageReference pushAsDockerSchema2(Path ociLayout, String tag)
      throws IOException, InterruptedException {
    return push(ociLayout, tag, "--format", "v2s2");
  }

  /**
   * As {@link #push(Path, String)}, by somebody.
   *
   * @param login name and password, with a colon between them
   */
  ImageReference pushAs(String login, Path ociLayout, String tag)
      throws IOException, InterruptedException {
    return push(ociLayout, tag, "--dest-creds", login);
  }

  private ImageReference push(Path ociLayout, String tag, String... options)
      throws IOException, InterruptedException {
    ImageReference reference = reference(tag);
    Skopeo.copy(
        "oci:" + ociLayout + ":" + tag,
        "docker://" + host() + "/library/" + tag + ":latest",
        options);
    return reference;
  }

  /** Puts a manifest or index as it is; what it names must be there already. */
  public Digest putManifest(String repository, String tag, String mediaType, byte[] json)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri("/v2/library/" + repository + "/manifests/" + tag))
                .header("Content-Type", mediaType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException("status " + response.statusCode() + ": " + response.body());
    }
    return TinyLayer.sha256(json);
  }

  /** Puts a blob. */
  public Digest putBlob(String repository, byte[] bytes) throws IOException, InterruptedException {
    HttpResponse<String> begun =
        client.send(
            HttpRequest.newBuilder(uri("/v2/library/" + repository + "/blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    URI upload = uri("/").resolve(begun.headers().firstValue("Location").orElseThrow());
    Digest digest = TinyLayer.sha256(bytes);
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(upload + "&digest=" + digest))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException("status " + response.statusCode() + ": " + response.body());
    }
    return digest;
  }

  private URI uri(String path) {
    return URI.create("http://" + host() + path);
  }

  @Override
  public void close() throws IOException {
    end(process);
    delete(directory);
  }

  /** Ends a process that a test has started. */
  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes a directory that a test has made. */
  static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
