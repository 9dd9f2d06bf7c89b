package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers challenges: with a login where the registry wants one, with a bearer token from the
 * service it names ("Token Authentication", Docker registry). What worked is kept for the next
 * request to the same repository.
 */
final class Authorization {
  private final Transport transport;
  private final Addresses addresses;
  private final Credentials credentials;
  private final RegistryOptions options;
  private final Map<String, String> kept = new ConcurrentHashMap<>();

  Authorization(
      Transport transport, Addresses addresses, Credentials credentials, RegistryOptions options) {
    this.transport = transport;
    this.addresses = addresses;
    this.credentials = credentials;
    this.options = options;
  }

  /** The header that the last challenge of this repository led to, at that host. */
  Optional<String> kept(String host, ImageReference reference) {
    return Optional.ofNullable(kept.get(key(host, reference)));
  }

  /**
   * Answers the challenges of a refused request.
   *
   * @param host the registry of the image, or a mirror of it
   * @return the header to try again with; empty if there is nothing to answer with
   */
  Optional<String> answer(
      URI refusedBy,
      List<String> headers,
      String host,
      ImageReference reference,
      Cancellation cancellation)
      throws IOException {
    Optional<Credentials.Login> login = credentials.lookUp(host);
    for (String header : headers) {
      Optional<Challenge> challenge = Challenge.parse(header);
      Optional<String> answer = Optional.empty();
      if (challenge.isPresent() && challenge.get().scheme().equals("bearer")) {
        answer = Optional.of(token(refusedBy, challenge.get(), login, reference, cancellation));
      } else if (challenge.isPresent() && challenge.get().scheme().equals("basic")) {
        answer = login.filter(named -> !named.isIdentityToken()).map(Authorization::basic);
      }
      if (answer.isPresent()) {
        kept.put(key(host, reference), answer.get());
        return answer;
      }
    }
    return Optional.empty();
  }

  private String token(
      URI refusedBy,
      Challenge challenge,
      Optional<Credentials.Login> login,
      ImageReference reference,
      Cancellation cancellation)
      throws IOException {
    URI service = service(refusedBy, challenge, reference);
    HttpResponse<ResponseBody> response = ask(challenge, service, login, reference, cancellation);
    try (ResponseBody body = response.body()) {
      if (response.statusCode() == 401 || response.statusCode() == 403) {
        throw new UnauthorizedException(
            reference.registry(), cancellation.action(), response.statusCode());
      }
      if (RegistryBusyException.isMeantBy(response)) {
        throw new RegistryBusyException(
            reference.registry(),
            cancellation.action(),
            response.statusCode(),
            RetryAfter.of(response.headers()));
      }
      if (response.statusCode() != 200) {
        throw new RegistryException(
            reference.registry(),
            cancellation.action(),
            response.statusCode(),
            "its token service does not answer as it should");
      }
      byte[] json = Download.small(body, BearerToken.MAX_BYTES, options, cancellation);
      return "Bearer " + BearerToken.parse(json, reference.registry(), cancellation.action());
    }
  }

  private HttpResponse<ResponseBody> ask(
      Challenge challenge,
      URI service,
      Optional<Credentials.Login> login,
      ImageReference reference,
      Cancellation cancellation)
      throws IOException {
    if (login.isPresent() && login.get().isIdentityToken()) {
      // OAuth 2 (RFC 6749, 6), as Docker's token services have it: never in the address
      return transport.post(
          withoutQuery(service),
          "grant_type=refresh_token&client_id=ndocker&"
              + query(challenge, reference)
              + "&refresh_token="
              + encode(login.get().password()),
          reference.registry(),
          cancellation);
    }
    return transport.get(
        service,
        List.of(),
        Optional.empty(),
        login.map(Authorization::basic),
        reference.registry(),
        cancellation);
  }

  private static URI withoutQuery(URI service) {
    String text = service.toString();
    return URI.create(text.substring(0, text.indexOf('?')));
  }

  private static String query(Challenge challenge, ImageReference reference) {
    String scope = challenge.parameter("scope");
    return "service="
        + encode(challenge.parameter("service"))
        + "&scope="
        + encode(scope.isEmpty() ? "repository:" + reference.repository() + ":pull" : scope);
  }

  private URI service(URI refusedBy, Challenge challenge, ImageReference reference)
      throws RegistryException {
    String action = "get a token for " + reference.repository();
    String query = query(challenge, reference);
    URI service;
    try {
      String realm = challenge.parameter("realm");
      service = URI.create(realm + (realm.indexOf('?') < 0 ? "?" : "&") + query);
    } catch (IllegalArgumentException e) {
      // without the cause: it would quote the address
      throw new RegistryException(
          reference.registry(), action, "its challenge names no usable address");
    }
    Optional<String> refusal = addresses.refusal(refusedBy, service);
    if (refusal.isPresent()) {
      throw new RegistryException(
          reference.registry(), action, "its challenge names " + refusal.get());
    }
    return service;
  }

  private static String basic(Credentials.Login login) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((login.user() + ":" + login.password()).getBytes(UTF_8));
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8);
  }

  private static String key(String host, ImageReference reference) {
    return host + "/" + reference.repository();
  }
}
