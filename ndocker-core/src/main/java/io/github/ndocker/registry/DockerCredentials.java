package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Logins as {@code docker login} keeps them: in {@code config.json}, or in the program that it
 * names for a registry ({@code credHelpers}) or for all ({@code credsStore}). The file is read
 * again for every look-up, so that a login that comes later counts. Thread-safe.
 */
public final class DockerCredentials implements Credentials {
  private static final int MAX_BYTES = 4 << 20;
  private static final Set<String> DOCKER_HUB =
      Set.of("docker.io", "index.docker.io", "registry-1.docker.io");
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Function<String, LoginProgram> programs;

  private DockerCredentials(Path file, Function<String, LoginProgram> programs) {
    this.file = file;
    this.programs = programs;
  }

  /**
   * The logins of whoever runs this process: in the directory that the environment variable {@code
   * DOCKER_CONFIG} names, or else in {@code .docker} of the home directory.
   *
   * @return the credentials
   */
  public static DockerCredentials ofUser() {
    String named = System.getenv("DOCKER_CONFIG");
    Path directory =
        named == null || named.isEmpty()
            ? Path.of(System.getProperty("user.home", ""), ".docker")
            : Path.of(named);
    return in(directory.resolve("config.json"));
  }

  /**
   * The logins of a file.
   *
   * @param file as Docker writes it; no login if there is none
   * @return the credentials
   */
  public static DockerCredentials in(Path file) {
    return in(file, LoginProgram::named);
  }

  static DockerCredentials in(Path file, Function<String, LoginProgram> programs) {
    return new DockerCredentials(file, programs);
  }

  /**
   * Looks it up.
   *
   * @throws CredentialsException if the file is not what Docker writes, or the program fails
   * @throws IOException if the file cannot be read
   */
  @Override
  public Optional<Login> lookUp(String registry) throws IOException {
    JsonNode config = read();
    String helper =
        find(config.path("credHelpers"), registry)
            .map(JsonNode::asText)
            .orElse(config.path("credsStore").asText(""));
    if (!helper.isEmpty()) {
      return programs.apply(helper).get(DOCKER_HUB.contains(registry) ? DOCKER_HUB_KEY : registry);
    }
    Optional<JsonNode> entry = find(config.path("auths"), registry);
    return entry.isEmpty() ? Optional.empty() : login(entry.get(), registry);
  }

  private JsonNode read() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return MissingNode.getInstance();
    }
    if (bytes.length > MAX_BYTES) {
      throw malformed("has more than " + MAX_BYTES + " bytes");
    }
    JsonNode config;
    try {
      config = JSON.readTree(bytes);
    } catch (IOException e) {
      // without the cause: the parser would quote what may be a password
      throw malformed("is not JSON");
    }
    if (config.isObject() || config.isMissingNode()) {
      return config;
    }
    throw malformed("is not a JSON object");
  }

  /** The entry for a registry, whose key may be an address of it. */
  private static Optional<JsonNode> find(JsonNode entries, String registry) {
    if (entries.has(registry)) {
      return Optional.of(entries.get(registry));
    }
    for (Map.Entry<String, JsonNode> entry : entries.properties()) {
      String host = host(entry.getKey());
      if (host.equals(registry.toLowerCase(Locale.ROOT))
          || (DOCKER_HUB.contains(registry) && DOCKER_HUB.contains(host))) {
        return Optional.of(entry.getValue());
      }
    }
    return Optional.empty();
  }

  private static String host(String key) {
    String rest = key.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    int path = rest.indexOf('/');
    return path < 0 ? rest : rest.substring(0, path);
  }

  private Optional<Login> login(JsonNode entry, String registry) throws CredentialsException {
    String identityToken = entry.path("identitytoken").asText("");
    if (!identityToken.isEmpty()) {
      return Optional.of(Login.identityToken(identityToken));
    }
    String user = entry.path("username").asText("");
    if (!user.isEmpty()) {
      return Optional.of(new Login(user, entry.path("password").asText("")));
    }
    String auth = entry.path("auth").asText("");
    if (auth.isEmpty()) {
      return Optional.empty(); // as Docker leaves it where a program keeps the login
    }
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(auth), UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("has an entry for " + registry + " that is not Base64");
    }
    int colon = decoded.indexOf(':');
    if (colon < 1) {
      throw malformed("has an entry for " + registry + " without a name and a password");
    }
    // Docker used to write a NUL at the end
    return Optional.of(
        new Login(decoded.substring(0, colon), decoded.substring(colon + 1).replace("\0", "")));
  }

  private CredentialsException malformed(String reason) {
    return new CredentialsException(file.toString(), reason);
  }
}
