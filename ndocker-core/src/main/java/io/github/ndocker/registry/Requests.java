package io.github.ndocker.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the request of an endpoint and follows where its answer leads: to a login, or elsewhere.
 * Mirrors are asked first.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  /** As browsers and other clients limit it. */
  private static final int MAX_REDIRECTS = 5;

  private final Transport transport;
  private final Addresses addresses;
  private final Authorization authorization;
  private final Mirrors mirrors;

  Requests(Transport transport, Addresses addresses, Authorization authorization, Mirrors mirrors) {
    this.transport = transport;
    this.addresses = addresses;
    this.authorization = authorization;
    this.mirrors = mirrors;
  }

  /**
   * Sends the request once, with whatever redirects and challenges that takes.
   *
   * @return an answer of status 200, or 206 if the endpoint wants a range; its body is to be closed
   *     by the caller
   * @throws ImageNotFoundException if the registry does not hold what was asked for
   * @throws UnauthorizedException if it does not give it to us
   * @throws RegistryException if it answers in another way
   * @throws IOException if it does not answer
   */
  HttpResponse<ResponseBody> send(Endpoint endpoint, Cancellation cancellation) throws IOException {
    String registry = endpoint.reference().registry();
    for (String mirror : mirrors.of(registry)) {
      try {
        return send(mirror, endpoint, cancellation);
      } catch (FetchCancelledException e) {
        throw e;
      } catch (ImageNotFoundException | UnauthorizedException e) {
        LOG.debug("mirror {} of {} does not give it", mirror, registry, e);
      } catch (IOException e) {
        LOG.debug("mirror {} of {} does not work", mirror, registry, e);
        mirrors.failed(mirror);
      }
    }
    return send(registry, endpoint, cancellation);
  }

  /** What a host sent was not what was asked for, or not all of it. */
  void failed(ResponseBody body) {
    mirrors.failed(body.host());
  }

  boolean passOverMirrors(String registry) {
    List<String> asked = mirrors.of(registry);
    asked.forEach(mirrors::failed);
    return !asked.isEmpty();
  }

  private HttpResponse<ResponseBody> send(
      String registry, Endpoint endpoint, Cancellation cancellation) throws IOException {
    URI origin = addresses.of(registry, endpoint.path());
    URI address = origin;
    Optional<String> header = authorization.kept(registry, endpoint.reference());
    boolean challenged = false;
    int redirects = 0;
    // who was sent elsewhere stays a stranger, wherever that leads: the way was somebody else's
    // choice
    boolean home = true;
    while (true) {
      HttpResponse<ResponseBody> response =
          transport.get(
              address,
              endpoint.accept(),
              endpoint.range(),
              home ? header : Optional.empty(),
              registry,
              cancellation);
      int status = response.statusCode();
      if (status == 200 || (status == 206 && endpoint.range().isPresent())) {
        return response;
      }
      response.body().close();
      if (status == 401 && home && !challenged) {
        challenged = true;
        header =
            authorization.answer(
                address,
                response.headers().allValues("WWW-Authenticate"),
                registry,
                endpoint.reference(),
                cancellation);
        if (header.isEmpty()) {
          throw new UnauthorizedException(registry, endpoint.action(), status);
        }
      } else if (isRedirect(status)) {
        if (++redirects > MAX_REDIRECTS) {
          throw new RegistryException(
              registry, endpoint.action(), status, "more than " + MAX_REDIRECTS + " redirects");
        }
        address = redirected(endpoint, address, response);
        home = home && Addresses.sameOrigin(origin, address);
      } else {
        throw refused(endpoint, response);
      }
    }
  }

  private URI redirected(Endpoint endpoint, URI from, HttpResponse<ResponseBody> response)
      throws RegistryException {
    URI target;
    try {
      // relative to an empty one would be the directory
      String location =
          response.headers().firstValue("Location").filter(text -> !text.isBlank()).orElse(":");
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      // without the cause: it would quote the address
      throw new RegistryException(
          endpoint.reference().registry(),
          endpoint.action(),
          response.statusCode(),
          "redirected to something that is not an address");
    }
    Optional<String> refusal = addresses.refusal(from, target);
    if (refusal.isPresent()) {
      throw new RegistryException(
          endpoint.reference().registry(),
          endpoint.action(),
          response.statusCode(),
          "redirected to " + refusal.get());
    }
    return target;
  }

  private static RegistryException refused(Endpoint endpoint, HttpResponse<ResponseBody> response) {
    String registry = endpoint.reference().registry();
    int status = response.statusCode();
    return switch (status) {
      case 401, 403 -> new UnauthorizedException(registry, endpoint.action(), status);
      case 404 -> new ImageNotFoundException(endpoint.reference(), endpoint.action());
      default ->
          RegistryBusyException.isMeantBy(response)
              ? new RegistryBusyException(
                  registry, endpoint.action(), status, RetryAfter.of(response.headers()))
              : new RegistryException(
                  registry, endpoint.action(), status, "expected status 200; try again later");
    };
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }
}
