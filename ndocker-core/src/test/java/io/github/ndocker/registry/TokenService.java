package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Issues what a registry of the Docker distribution takes for a token: a JWT (RFC 7519) signed by a
 * certificate that comes with it. Whoever logs in may push, anybody else only pull.
 */
final class TokenService implements AutoCloseable {
  static final String ISSUER = "tiny issuer";
  static final String AUDIENCE = "tiny registry";

  private static final Pattern SCOPE = Pattern.compile("scope=repository:([^:&]+):([a-z,]+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LyingRegistry server;
  private final Path authority;
  private final TestCertificates certificates;
  private final String login;

  /**
   * Starts it.
   *
   * @param certificates has one named {@code issuer}
   * @param login the only name and password it knows, with a colon between them
   */
  TokenService(TestCertificates certificates, String login)
      throws IOException, InterruptedException {
    this.certificates = certificates;
    this.authority = certificates.authority();
    this.login = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
    this.server = LyingRegistry.start().on("/token", this::answer);
  }

  String realm() {
    return "http://" + server.host() + "/token";
  }

  /** Who vouches for what is issued. */
  Path authority() {
    return authority;
  }

  /** How often a token was asked for. */
  int requests() {
    return server.requests().size();
  }

  private void answer(LyingRegistry.Request request, LyingRegistry.Reply reply) throws IOException {
    String shown = request.header("authorization").orElse("");
    if (!shown.isEmpty() && !shown.equals(login)) {
      reply.send(401, "WWW-Authenticate: Basic realm=\"tokens\"");
      return;
    }
    Matcher scope = SCOPE.matcher(URLDecoder.decode(request.path(), UTF_8));
    List<?> access =
        scope.find()
            ? List.of(
                Map.of(
                    "type",
                    "repository",
                    "name",
                    scope.group(1),
                    "actions",
                    shown.isEmpty()
                        ? List.of("pull")
                        : Arrays.asList(scope.group(2).split(",", -1))))
            : List.of();
    reply.send("application/json", JSON.writeValueAsBytes(Map.of("token", token(access))));
  }

  private String token(List<?> access) throws IOException {
    try {
      long now = Instant.now().getEpochSecond();
      String signed =
          encoded(
                  Map.of(
                      "typ",
                      "JWT",
                      "alg",
                      "ES256",
                      "x5c",
                      List.of(Base64.getEncoder().encodeToString(certificates.encoded("issuer")))))
              + "."
              + encoded(
                  Map.of(
                      "iss", ISSUER, "sub", "me", "aud", AUDIENCE, "jti", "1", "iat", now, "nbf",
                      now - 60, "exp", now + 600, "access", access));
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(certificates.privateKey("issuer"));
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + url(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String encoded(Map<String, ?> claims) throws IOException {
    return url(JSON.writeValueAsBytes(claims));
  }

  private static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
