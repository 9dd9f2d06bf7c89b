package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.PlatformNotFoundException;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.source.ImageSource;
import io.github.ndocker.source.KnownImages;
import io.github.ndocker.trust.TrustPolicy;
import io.github.ndocker.trust.UntrustedImageException;
import io.github.ndocker.trust.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Fetches images from registries (OCI distribution specification 1.1; Docker registry HTTP API V2).
 *
 * <p>Registries are asked by HTTPS, those on this host and those named in the options by plain
 * HTTP. Nothing a registry says is believed: sizes and digests are checked, redirects limited,
 * silence ends. Requests that fail for reasons that may pass (no connection, status 408, 429 or
 * 5xx) are sent again, up to the number of tries in the options. Thread-safe; there is nothing to
 * close.
 */
public final class RegistryClient implements ImageSource {
  private static final int COPIED_BYTES = 1 << 16;

  private final RegistryOptions options;
  private final Requests requests;
  private final Retries retries;

  /**
   * A client.
   *
   * @param options how patient it is, and whom it trusts
   * @param credentials where logins come from
   */
  public RegistryClient(RegistryOptions options, Credentials credentials) {
    this.options = options;
    Transport transport = new Transport(options);
    Addresses addresses = new Addresses(options.plainHttp(), options.tls().keySet());
    this.requests =
        new Requests(
            transport,
            addresses,
            new Authorization(transport, addresses, credentials, options),
            new Mirrors(options.mirrors()));
    this.retries = new Retries(options);
  }

  /** A client with default options that logs in nowhere. */
  public RegistryClient() {
    this(RegistryOptions.defaults(), Credentials.anonymous());
  }

  /**
   * Finds out what an image consists of: its manifest for one platform, and its configuration.
   *
   * @param reference the image
   * @param platform what it shall run on
   * @param known images whose documents the registry is not asked for; if it is one of them, it
   *     costs one request, and those for signatures if it must be signed
   * @param cancelled asked now and then; true to give up
   * @return the image, verified against the digests that name it
   * @throws ImageNotFoundException if the registry holds no such image
   * @throws PlatformNotFoundException if it is not built for the platform
   * @throws MalformedManifestException if a document of it is malformed or not supported
   * @throws DigestMismatchException if a document is not the one that was named
   * @throws UntrustedImageException if the policy of the options wants it signed, and no good
   *     signature of it is found
   * @throws UnauthorizedException if the registry wants other credentials
   * @throws FetchCancelledException if it was cancelled
   * @throws RegistryException if the registry does not answer, or not as it should
   * @throws IOException never otherwise
   */
  @Override
  public ResolvedImage resolve(
      ImageReference reference, Platform platform, KnownImages known, BooleanSupplier cancelled)
      throws IOException {
    return new Resolution(this, reference, platform, known, cancelled).run();
  }

  /**
   * As {@link #resolve(ImageReference, Platform, KnownImages, BooleanSupplier)}, with nothing known
   * and not to be cancelled.
   *
   * @param reference the image
   * @param platform what it shall run on
   * @return the image, verified against the digests that name it
   * @throws IOException as there
   */
  public ResolvedImage resolve(ImageReference reference, Platform platform) throws IOException {
    return resolve(reference, platform, KnownImages.NONE, () -> false);
  }

  /**
   * Fetches one layer as the registry serves it, compressed. Returns only when all bytes have come
   * and are the right ones; until then what the sink got is not to be trusted. A transfer that
   * breaks or stalls goes on where it was, as often as a request is tried.
   *
   * @param reference the image it belongs to
   * @param layer the layer
   * @param sink receives the bytes, in blocking mode; stays open
   * @param arrivedBytes told the number of bytes that have come so far, in all
   * @param cancelled asked now and then; true to give up
   * @throws DigestMismatchException if the bytes are not those of the layer
   * @throws TruncatedBlobException if there are fewer, or the connection broke
   * @throws TransferStalledException if no byte came for too long, or too few
   * @throws FetchCancelledException if it was cancelled
   * @throws RegistryException if the registry does not answer, or not as it should
   * @throws IOException if the sink fails; its own exception
   */
  public void fetch(
      ImageReference reference,
      Layer layer,
      WritableByteChannel sink,
      LongConsumer arrivedBytes,
      BooleanSupplier cancelled)
      throws IOException {
    fetch(reference, layer.compressed(), layer.compressedBytes(), sink, arrivedBytes, cancelled);
  }

  /**
   * The same for a caller that reads. The stream reports its end only if all bytes have come and
   * are the right ones; otherwise its {@code read} throws what {@link #fetch} does.
   *
   * @param reference the image it belongs to
   * @param layer the layer
   * @param arrivedBytes told the number of bytes that have come so far, in all
   * @param cancelled asked now and then, while reading too; true to give up
   * @return the layer as the registry serves it, to be closed by the caller; for one thread
   * @throws FetchCancelledException if it was cancelled
   * @throws RegistryException if the registry does not answer, or not as it should
   * @throws IOException never otherwise
   */
  @Override
  public InputStream open(
      ImageReference reference, Layer layer, LongConsumer arrivedBytes, BooleanSupplier cancelled)
      throws IOException {
    return open(reference, layer.compressed(), layer.compressedBytes(), arrivedBytes, cancelled);
  }

  /** Fetches any blob of known digest and size. */
  void fetch(
      ImageReference reference,
      Digest digest,
      long size,
      WritableByteChannel sink,
      LongConsumer arrivedBytes,
      BooleanSupplier cancelled)
      throws IOException {
    byte[] bytes = new byte[COPIED_BYTES];
    try (InputStream source = open(reference, digest, size, arrivedBytes, cancelled)) {
      for (int count = source.read(bytes); count >= 0; count = source.read(bytes)) {
        ByteBuffer part = ByteBuffer.wrap(bytes, 0, count);
        while (part.hasRemaining()) {
          sink.write(part);
        }
      }
    }
  }

  private InputStream open(
      ImageReference reference,
      Digest digest,
      long size,
      LongConsumer arrivedBytes,
      BooleanSupplier cancelled)
      throws IOException {
    Cancellation cancellation =
        new Cancellation(
            cancelled, reference.registry(), new BlobEndpoint(reference, digest, 0).action());
    return retries.run(
        () ->
            BlobStream.open(
                new BlobStream.Source() {
                  @Override
                  public HttpResponse<ResponseBody> request(long from) throws IOException {
                    return requests.send(new BlobEndpoint(reference, digest, from), cancellation);
                  }

                  @Override
                  public void failed(ResponseBody body) {
                    requests.failed(body);
                  }
                },
                digest,
                size,
                arrivedBytes,
                options,
                cancellation),
        cancellation);
  }

  /** A manifest or index with the media type it was served as. */
  ServedManifest manifest(ImageReference reference, int limit, BooleanSupplier cancelled)
      throws IOException {
    return small(new ManifestEndpoint(reference), limit, cancelled, ServedManifest::of);
  }

  /** A page of what refers to an image. */
  ServedReferrers referrers(ReferrersEndpoint endpoint, int limit, BooleanSupplier cancelled)
      throws IOException {
    return small(endpoint, limit, cancelled, ServedReferrers::of);
  }

  private <T> T small(
      Endpoint endpoint,
      int limit,
      BooleanSupplier cancelled,
      BiFunction<HttpHeaders, byte[], T> reader)
      throws IOException {
    Cancellation cancellation =
        new Cancellation(cancelled, endpoint.reference().registry(), endpoint.action());
    return retries.run(
        () -> {
          HttpResponse<ResponseBody> response = requests.send(endpoint, cancellation);
          try (ResponseBody body = response.body()) {
            return reader.apply(
                response.headers(), Download.small(body, limit, options, cancellation));
          } catch (IOException e) {
            requests.failed(response.body());
            throw e;
          }
        },
        cancellation);
  }

  /** A blob that is known to be small, in memory. */
  byte[] blob(ImageReference reference, Descriptor blob, BooleanSupplier cancelled)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(blob.size()));
    fetch(reference, blob.digest(), blob.size(), new MemorySink(bytes), arrived -> {}, cancelled);
    return bytes.array();
  }

  /**
   * Leaves a registry's mirrors alone for a while.
   *
   * @return false if it has none, or all were left alone already
   */
  boolean passOverMirrors(String registry) {
    return requests.passOverMirrors(registry);
  }

  /**
   * Whether images of a name are accepted whatever they are.
   *
   * @param reference the name
   * @return false if the policy of the options wants them signed
   */
  public boolean acceptsAny(ImageReference reference) {
    return options.trust().of(reference) instanceof TrustPolicy.AcceptAny;
  }

  /** Returns only if the policy of an image accepts it, with this manifest or index. */
  void requireTrust(ImageReference reference, byte[] manifest, BooleanSupplier cancelled)
      throws IOException {
    TrustPolicy policy = options.trust().of(reference);
    if (policy instanceof TrustPolicy.AcceptAny) {
      return;
    }
    Verification verification =
        new Verification((TrustPolicy.SignedBy) policy, reference, manifest);
    new SignatureLookup(this, reference, verification, SignatureLookup.PATIENCE, cancelled).run();
  }
}
