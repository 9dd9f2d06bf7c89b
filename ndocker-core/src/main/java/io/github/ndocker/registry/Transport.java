package io.github.ndocker.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Sends one request and waits for the head of its answer, no longer than the stall time-out. */
final class Transport {
  /** By registry with trust of its own, "" for all others; made when first needed. */
  private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();

  private final Map<String, SSLContext> tls = new HashMap<>();
  private final RegistryOptions options;

  Transport(RegistryOptions options) {
    this.options = options;
    options.tls().forEach((registry, context) -> tls.put(Addresses.host(registry), context));
  }

  /**
   * The first one loads the platform's TLS: a third of a second, which no start has to wait for.
   */
  private HttpClient client(String authority) {
    return clients.computeIfAbsent(tls.containsKey(authority) ? authority : "", this::build);
  }

  private HttpClient build(String authority) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // a connection of its own for each layer: over HTTP/2 all would share one window
            .version(HttpClient.Version.HTTP_1_1)
            // by hand, because credentials must not follow to another host
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.connectTimeout());
    Optional.ofNullable(tls.get(authority)).ifPresent(builder::sslContext);
    return builder.build();
  }

  /**
   * Sends a GET.
   *
   * @param host on whose behalf, for whoever reads the body
   * @return the answer, whatever its status; its body is to be closed by the caller
   * @throws IOException if there is no answer
   */
  HttpResponse<ResponseBody> get(
      URI address,
      List<String> accept,
      Optional<String> range,
      Optional<String> authorization,
      String host,
      Cancellation cancellation)
      throws IOException {
    cancellation.check();
    // no time-out of the client's own: in some versions it would limit the whole body
    HttpRequest.Builder request = HttpRequest.newBuilder(address).GET();
    if (!accept.isEmpty()) {
      request.header("Accept", String.join(", ", accept));
    }
    range.ifPresent(value -> request.header("Range", value));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return send(request.build(), host, cancellation);
  }

  /**
   * Sends a form.
   *
   * @param form encoded
   * @return the answer, whatever its status; its body is to be closed by the caller
   * @throws IOException if there is no answer
   */
  HttpResponse<ResponseBody> post(URI address, String form, String host, Cancellation cancellation)
      throws IOException {
    cancellation.check();
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return send(request, host, cancellation);
  }

  private HttpResponse<ResponseBody> send(
      HttpRequest request, String host, Cancellation cancellation) throws IOException {
    ResponseBody body = new ResponseBody(host);
    CompletableFuture<HttpResponse<ResponseBody>> answer =
        client(String.valueOf(request.uri().getRawAuthority())).sendAsync(request, head -> body);
    return await(answer, body, cancellation);
  }

  private HttpResponse<ResponseBody> await(
      CompletableFuture<HttpResponse<ResponseBody>> answer,
      ResponseBody body,
      Cancellation cancellation)
      throws IOException {
    boolean answered = false;
    long end = System.nanoTime() + options.stallTimeout().toNanos();
    try {
      while (true) {
        try {
          HttpResponse<ResponseBody> response =
              answer.get(Cancellation.GLANCE_NANOS, TimeUnit.NANOSECONDS);
          answered = true;
          return response;
        } catch (TimeoutException e) {
          cancellation.check();
          if (System.nanoTime() - end >= 0) {
            TransferStalledException stalled =
                new TransferStalledException(
                    cancellation.registry(), cancellation.action(), options.stallTimeout());
            stalled.initCause(e);
            throw stalled;
          }
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("no answer", e.getCause());
    } catch (InterruptedException e) {
      FetchCancelledException cancelled = cancellation.interrupted();
      cancelled.initCause(e);
      throw cancelled;
    } finally {
      if (!answered) {
        answer.cancel(true);
        body.close();
      }
    }
  }
}
