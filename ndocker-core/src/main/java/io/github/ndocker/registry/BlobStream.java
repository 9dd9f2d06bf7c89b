package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.layer.BlockInputStream;
import io.github.ndocker.source.ContentCheck;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A blob as it comes from a registry. The end is reported only if all bytes have come and are the
 * right ones; until then what was read is not to be trusted. A transfer that breaks or stalls goes
 * on where it was.
 */
final class BlobStream extends BlockInputStream {
  /** The {@code 206} of RFC 9110, 15.3.7. */
  private static final int PARTIAL = 206;

  /** After so much has come a transfer counts as one that has not failed yet. */
  private static final long PROGRESS_BYTES = 16L << 20;

  /** RFC 9110, 14.4. */
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final Source source;
  private final Digest digest;
  private final long size;
  private final MessageDigest hash;
  private final LongConsumer arrivedBytes;
  private final RegistryOptions options;
  private final Cancellation cancellation;
  private ByteBuffer next = ByteBuffer.allocate(0);
  private ResponseBody body;
  private long arrived;
  private long resumedAt;
  private int triesLeft;
  private Backoff backoff;

  /** Bytes of the answer that have come before. */
  private long known;

  private boolean ended;
  private boolean checked;

  private BlobStream(
      Source source,
      Digest digest,
      long size,
      LongConsumer arrivedBytes,
      RegistryOptions options,
      Cancellation cancellation)
      throws IOException {
    this.source = source;
    this.digest = digest;
    this.size = size;
    this.hash = ContentCheck.hash(digest);
    this.arrivedBytes = arrivedBytes;
    this.options = options;
    this.cancellation = cancellation;
    this.triesLeft = options.tries() - 1;
    this.backoff = new Backoff(options.firstPause());
    this.body = request();
  }

  /** Where the bytes come from. */
  interface Source {
    /** Asks for all bytes from one on; the answer may have those before it too. */
    HttpResponse<ResponseBody> request(long from) throws IOException;

    /** What an answer brought was wrong, or not all of it. */
    void failed(ResponseBody body);
  }

  /**
   * Asks for a blob; returns when its first bytes are there, so that a failure before that can be
   * tried again.
   */
  static BlobStream open(
      Source source,
      Digest digest,
      long size,
      LongConsumer arrivedBytes,
      RegistryOptions options,
      Cancellation cancellation)
      throws IOException {
    BlobStream stream = new BlobStream(source, digest, size, arrivedBytes, options, cancellation);
    boolean begun = false;
    try {
      stream.fill();
      begun = true;
      return stream;
    } finally {
      if (!begun) {
        stream.close();
      }
    }
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!next.hasRemaining()) {
      fill();
    }
    int count = Math.min(length, next.remaining());
    if (count == 0) {
      return -1;
    }
    next.get(target, from, count);
    return count;
  }

  /** Lets go of the connection. */
  @Override
  public void close() {
    body.close();
  }

  /** Waits for more; there is none only at the end, and that has been checked then. */
  private void fill() throws IOException {
    if (ended) {
      return;
    }
    Optional<ByteBuffer> more = more();
    if (more.isEmpty()) {
      check();
      ended = true;
      return;
    }
    ByteBuffer come = more.get();
    arrived += come.remaining();
    if (arrived > size) {
      source.failed(body);
      throw new RegistryException(
          cancellation.registry(),
          cancellation.action(),
          "more than the expected " + size + " bytes came; the registry is not to be trusted");
    }
    hash.update(come.duplicate());
    next = come;
    arrivedBytes.accept(arrived);
  }

  private void check() throws IOException {
    if (checked) {
      throw new IOException("what came was not " + digest);
    }
    checked = true; // the hash can be taken once
    try {
      ContentCheck.check(cancellation.registry() + ": " + cancellation.action(), digest, hash);
    } catch (DigestMismatchException e) {
      source.failed(body);
      throw e;
    }
  }

  private Optional<ByteBuffer> more() throws IOException {
    while (true) {
      try {
        Optional<ByteBuffer> more = body.next(options, cancellation);
        if (more.isEmpty() && arrived < size) {
          throw truncated();
        }
        if (more.isEmpty() || !isKnown(more.get())) {
          return more;
        }
      } catch (FetchCancelledException e) {
        throw e;
      } catch (IOException e) {
        if (arrived == size) {
          return Optional.empty(); // only the end did not come
        }
        source.failed(body);
        resume(e);
      }
    }
  }

  /** Whether all of it has come before; moves past that part of it that has. */
  private boolean isKnown(ByteBuffer more) {
    int part = (int) Math.min(known, more.remaining());
    known -= part;
    more.position(more.position() + part);
    return !more.hasRemaining();
  }

  /** Goes on where the transfer broke, or throws why it did. */
  private void resume(IOException failure) throws IOException {
    if (arrived - resumedAt >= PROGRESS_BYTES) {
      triesLeft = options.tries() - 1;
      backoff = new Backoff(options.firstPause());
    }
    IOException why = failure;
    while (true) {
      if (arrived == 0) {
        throw why; // nothing has been passed on, so all of it may be tried again
      }
      if (triesLeft == 0 || !Retries.mayPass(why) || Backoff.isTooLong(why)) {
        throw why instanceof NDockerException
            ? why
            : new TruncatedBlobException(
                cancellation.registry(), cancellation.action(), size, arrived, why);
      }
      triesLeft--;
      resumedAt = arrived;
      body.close();
      cancellation.pause(backoff.after(why));
      try {
        body = request();
        return;
      } catch (IOException e) {
        why = e;
      }
    }
  }

  private TruncatedBlobException truncated() {
    return new TruncatedBlobException(
        cancellation.registry(), cancellation.action(), size, arrived);
  }

  /** Asks for what has not come. */
  private ResponseBody request() throws IOException {
    HttpResponse<ResponseBody> response = source.request(arrived);
    boolean usable = false;
    try {
      // a server that knows no ranges sends everything once more
      known = response.statusCode() == PARTIAL ? 0 : arrived;
      if (response.statusCode() == PARTIAL) {
        checkRange(response);
      }
      checkLength(response, size - arrived + known);
      usable = true;
      return response.body();
    } finally {
      if (!usable) {
        source.failed(response.body());
        response.body().close();
      }
    }
  }

  private void checkRange(HttpResponse<ResponseBody> response) throws RegistryException {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse("none"));
    if (!range.matches()
        || Long.parseLong(range.group(1)) != arrived
        || Long.parseLong(range.group(2)) >= size
        || !(range.group(3).equals("*") || Long.parseLong(range.group(3)) == size)) {
      throw new RegistryException(
          cancellation.registry(),
          cancellation.action(),
          "expected the bytes from "
              + arrived
              + " on of "
              + size
              + ", but others are announced; the registry is not to be trusted");
    }
  }

  private void checkLength(HttpResponse<ResponseBody> response, long expected)
      throws RegistryException {
    OptionalLong announced = response.headers().firstValueAsLong("Content-Length");
    if (announced.isPresent() && announced.getAsLong() >= 0 && announced.getAsLong() < expected) {
      throw new TruncatedBlobException(
          cancellation.registry(), cancellation.action(), expected, announced.getAsLong());
    }
    if (announced.isPresent() && announced.getAsLong() != expected) {
      throw new RegistryException(
          cancellation.registry(),
          cancellation.action(),
          "expected " + expected + " bytes, but " + announced.getAsLong() + " are announced");
    }
  }
}
