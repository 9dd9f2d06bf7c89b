package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.layer.Bombs;
import io.github.ndocker.layer.ExcessiveInflationException;
import io.github.ndocker.layer.MalformedLayerException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Lies about the topmost of three layers, while it comes and in what it is. */
public final class LayerLies {
  private static final String OCTETS = "application/octet-stream";

  private LayerLies() {}

  public static List<Lie> all() {
    return Stream.of(ofLength(), ofRanges(), ofRedirects(), ofContents(), ofDigests())
        .flatMap(List::stream)
        .toList();
  }

  /** What is answered when the top layer is asked for. */
  @FunctionalInterface
  private interface TopAnswer {
    void to(byte[] layer, LyingRegistry.Reply reply) throws IOException;
  }

  private static Lie top(
      String name, Class<? extends IOException> refusedAs, String says, TopAnswer answer) {
    return ranged(name, refusedAs, says, answer, answer);
  }

  /** The connection breaks in the middle, and what follows is answered so. */
  private static Lie rest(
      String name, Class<? extends IOException> refusedAs, String says, TopAnswer answer) {
    TopAnswer half =
        (layer, reply) -> {
          reply.head(200, "Content-Length: " + layer.length);
          reply.write(Arrays.copyOf(layer, layer.length / 2));
          reply.breakWhenSomeHasArrived();
        };
    return ranged(name, refusedAs, says, half, answer);
  }

  private static Lie ranged(
      String name,
      Class<? extends IOException> refusedAs,
      String says,
      TopAnswer whole,
      TopAnswer range) {
    return new Lie(
        name,
        refusedAs,
        says,
        (registry, image) -> {
          TinyLayer top = image.layers().get(2);
          registry.on(
              "/blobs/" + top.digest(),
              (request, reply) ->
                  (request.header("range").isEmpty() ? whole : range).to(top.compressed(), reply));
        });
  }

  private static Lie redirect(String name, String says, String... headers) {
    return top(name, RegistryException.class, says, (layer, reply) -> reply.send(307, headers));
  }

  /** The image has another top layer than it was built with. */
  private static Lie content(
      String name, Class<? extends IOException> refusedAs, String says, Compressed bytes) {
    return new Lie(
        name,
        refusedAs,
        says,
        (registry, image) -> {
          byte[] honest = image.layers().get(2).compressed();
          TinyLayer top = new TinyLayer("COPY odd /", new byte[1024], bytes.of(honest));
          registry.serving(
              TinyImage.of(List.of(image.layers().get(0), image.layers().get(1), top)));
        });
  }

  @FunctionalInterface
  private interface Compressed {
    byte[] of(byte[] honest) throws IOException;
  }

  private static List<Lie> ofLength() {
    return List.of(
        top(
            "a layer that is not there",
            ImageNotFoundException.class,
            "404",
            (layer, reply) -> reply.send(404)),
        top(
            "a layer that ends early",
            TruncatedBlobException.class,
            "got only",
            (layer, reply) -> {
              reply.head(200);
              reply.write(Arrays.copyOf(layer, layer.length / 2));
            }),
        top(
            "a layer whose connection is reset before the answer, every time",
            RegistryException.class,
            "no usable answer",
            (layer, reply) -> reply.reset()),
        rest(
            "a rest whose connection is reset, every time",
            TruncatedBlobException.class,
            "got only",
            (layer, reply) -> reply.reset()),
        top(
            "a layer without end",
            RegistryException.class,
            "more than the expected",
            (layer, reply) -> {
              reply.head(200);
              reply.repeat(new byte[1 << 16], 1L << 30);
            }),
        top(
            "a layer of 1 GB that is announced",
            RegistryException.class,
            "but 1073741824 are announced",
            (layer, reply) -> {
              reply.head(200, "Content-Length: " + (1L << 30));
              reply.repeat(new byte[1 << 16], 1L << 30);
            }),
        top(
            "a layer announced one byte shorter",
            TruncatedBlobException.class,
            "got only",
            (layer, reply) -> {
              reply.head(200, "Content-Length: " + (layer.length - 1));
              reply.write(layer);
            }),
        top(
            "a layer announced one byte longer",
            RegistryException.class,
            "are announced",
            (layer, reply) -> {
              reply.head(200, "Content-Length: " + (layer.length + 1));
              reply.write(layer);
              reply.stall(); // a broken connection would be noticed, too
            }),
        top(
            "a layer of negative length",
            RegistryException.class,
            "could not fetch blob",
            (layer, reply) -> {
              reply.head(200, "Content-Length: -5");
              reply.write(layer);
            }),
        top(
            "a layer in chunks that are none",
            RegistryException.class,
            "no usable answer",
            (layer, reply) -> {
              reply.head(200, "Transfer-Encoding: chunked");
              reply.text("zz\r\n");
            }),
        top(
            "a layer that stalls",
            TransferStalledException.class,
            "no byte came",
            (layer, reply) -> {
              reply.head(200, "Content-Length: " + layer.length);
              reply.write(Arrays.copyOf(layer, 100));
              reply.stall();
            }),
        top(
            "a layer that comes one byte at a time, for ever",
            TransferStalledException.class,
            "bytes came in",
            (layer, reply) -> {
              reply.head(200, "Content-Length: " + layer.length);
              reply.trickle();
            }),
        top(
            "a part of a layer that nobody asked for",
            RegistryException.class,
            "status 206",
            (layer, reply) -> range(reply, layer, 0, layer.length - 1, "" + layer.length)));
  }

  private static List<Lie> ofRanges() {
    return List.of(
        rest(
            "a rest from another offset",
            RegistryException.class,
            "others are announced",
            (layer, reply) ->
                range(reply, layer, layer.length / 2 + 1, layer.length - 1, "" + layer.length)),
        rest(
            "a rest of a layer of another size",
            RegistryException.class,
            "others are announced",
            (layer, reply) -> range(reply, layer, layer.length / 2, layer.length - 1, "99999999")),
        rest(
            "a rest that reaches further than the layer",
            RegistryException.class,
            "others are announced",
            (layer, reply) -> range(reply, layer, layer.length / 2, layer.length, "*")),
        rest(
            "a rest that does not say where it begins",
            RegistryException.class,
            "others are announced",
            (layer, reply) -> {
              reply.head(206);
              reply.write(Arrays.copyOfRange(layer, layer.length / 2, layer.length));
            }),
        rest(
            "a rest that is longer than it says",
            RegistryException.class,
            "more than the expected",
            (layer, reply) -> {
              reply.head(206, contentRange(layer.length / 2, layer.length - 1, "*"));
              reply.repeat(new byte[1 << 16], 1L << 30);
            }),
        rest(
            "a rest that is always short",
            TruncatedBlobException.class,
            "got only",
            (layer, reply) ->
                range(reply, layer, layer.length / 2, layer.length - 2, "" + layer.length)),
        rest(
            "no rest of a layer",
            RegistryException.class,
            "status 416",
            (layer, reply) -> reply.send(416, "Content-Range: bytes */" + layer.length)),
        rest(
            "a rest of other bytes",
            DigestMismatchException.class,
            "sha256",
            (layer, reply) -> {
              byte[] other = layer.clone();
              other[layer.length - 9] ^= 1;
              range(reply, other, layer.length / 2, layer.length - 1, "" + layer.length);
            }),
        rest(
            "another whole layer in place of a rest",
            DigestMismatchException.class,
            "sha256",
            (layer, reply) -> {
              byte[] other = layer.clone();
              other[layer.length - 9] ^= 1;
              reply.send(OCTETS, other);
            }),
        rest(
            "a whole layer without end in place of a rest",
            RegistryException.class,
            "more than the expected",
            (layer, reply) -> {
              reply.head(200);
              reply.repeat(new byte[1 << 16], 1L << 30);
            }));
  }

  private static void range(
      LyingRegistry.Reply reply, byte[] layer, int first, int last, String total)
      throws IOException {
    byte[] part = Arrays.copyOfRange(layer, first, last + 1);
    reply.head(206, contentRange(first, last, total), "Content-Length: " + part.length);
    reply.write(part);
  }

  private static String contentRange(int first, int last, String total) {
    return "Content-Range: bytes " + first + "-" + last + "/" + total;
  }

  private static List<Lie> ofRedirects() {
    return List.of(
        new Lie(
            "a redirect to itself",
            RegistryException.class,
            "more than 5 redirects",
            (registry, image) ->
                registry.on(
                    "/blobs/" + image.layers().get(2).digest(),
                    (request, reply) -> reply.send(302, "Location: " + request.path()))),
        redirect("a redirect to a file", "without a host", "Location: file:///etc/passwd"),
        redirect("a redirect to a mail", "without a host", "Location: mailto:root@localhost"),
        redirect("a redirect to FTP", "not HTTPS", "Location: ftp://192.0.2.1/layer"),
        redirect(
            "a redirect to plain HTTP of a host that is not listed",
            "not HTTPS",
            "Location: http://192.0.2.1/layer?signature=hunter2"),
        redirect(
            "a redirect with a login in it",
            "with a login in it",
            "Location: https://me:hunter2@192.0.2.1/layer"),
        redirect("a redirect to what is no address", "not an address", "Location: http://[hunter2"),
        redirect("a redirect to nowhere", "not an address"),
        redirect("a redirect to a blank", "not an address", "Location:  "),
        top(
            "a choice of redirects",
            RegistryException.class,
            "status 300",
            (layer, reply) -> reply.send(300, "Location: /v2/")));
  }

  private static List<Lie> ofContents() {
    return List.of(
        content(
            "a gzip bomb",
            ExcessiveInflationException.class,
            "compressed bytes inflate to",
            honest -> Bombs.gzip()),
        content(
            "a gzip bomb of many members",
            ExcessiveInflationException.class,
            "compressed bytes inflate to",
            honest -> Bombs.gzipMembers()),
        content(
            "a Zstandard bomb of 64 KiB",
            ExcessiveInflationException.class,
            "compressed bytes inflate to",
            honest -> Bombs.zstd()),
        content(
            "a Zstandard frame that wants a window of 2 GiB",
            MalformedLayerException.class,
            "Zstandard",
            honest -> Bombs.zstdOfHugeWindow()),
        content(
            "a layer that is cut off and named so",
            MalformedLayerException.class,
            "ends too early",
            honest -> Arrays.copyOf(honest, honest.length / 2)),
        content(
            "a layer with something after its gzip members",
            MalformedLayerException.class,
            "no gzip member",
            honest -> Arrays.copyOf(honest, honest.length + 1)),
        content(
            "a damaged gzip stream",
            MalformedLayerException.class,
            "gzip",
            honest -> {
              byte[] damaged = honest.clone();
              Arrays.fill(damaged, 20, damaged.length - 8, (byte) 0x55);
              return damaged;
            }),
        content(
            "a layer that is no tar",
            MalformedLayerException.class,
            "tar",
            honest -> "no tar, but long enough for a header\n".repeat(40).getBytes(UTF_8)),
        content(
            "another layer than its diff ID says",
            DigestMismatchException.class,
            "diff ID of layer 2",
            honest -> honest));
  }

  private static List<Lie> ofDigests() {
    return List.of(
        top(
            "a layer of other bytes",
            DigestMismatchException.class,
            "sha256",
            (layer, reply) -> {
              byte[] other = layer.clone();
              other[layer.length / 2] ^= 1;
              reply.send(OCTETS, other);
            }),
        new Lie(
            "a layer that is not the one of that sha512",
            DigestMismatchException.class,
            "sha512",
            (registry, image) -> {
              Digest wrong = Lie.sha512(new byte[] {1});
              registry.blob(wrong, image.layers().get(2).compressed());
              registry.manifest(
                  "latest",
                  MediaTypes.OCI_MANIFEST,
                  EditedJson.ofLayer(image, 2, layer -> layer.put("digest", wrong.toString())));
            }),
        new Lie(
            "a layer smaller than its manifest says",
            TruncatedBlobException.class,
            "got only",
            (registry, image) -> sized(registry, image, 1)),
        new Lie(
            "a layer larger than its manifest says",
            RegistryException.class,
            "are announced",
            (registry, image) -> sized(registry, image, -1)));
  }

  private static void sized(LyingRegistry registry, TinyImage image, int more) throws IOException {
    registry.manifest(
        "latest",
        MediaTypes.OCI_MANIFEST,
        EditedJson.ofLayer(
            image, 2, layer -> layer.put("size", layer.get("size").longValue() + more)));
  }
}
