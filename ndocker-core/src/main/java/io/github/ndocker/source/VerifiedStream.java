package io.github.ndocker.source;

import io.github.ndocker.api.Layer;
import io.github.ndocker.layer.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** A layer out of a file. It reports its end only if it has the size and the digest it should. */
final class VerifiedStream extends BlockInputStream {
  private final String source;
  private final InputStream bytes;
  private final Layer layer;
  private final LongConsumer arrivedBytes;
  private final BooleanSupplier cancelled;
  private final MessageDigest hash;
  private long arrived;
  private boolean ended;
  private boolean checked;

  private VerifiedStream(
      String source,
      InputStream bytes,
      Layer layer,
      LongConsumer arrivedBytes,
      BooleanSupplier cancelled) {
    this.source = source;
    this.bytes = bytes;
    this.layer = layer;
    this.arrivedBytes = arrivedBytes;
    this.cancelled = cancelled;
    this.hash = ContentCheck.hash(layer.compressed());
  }

  /** Opens a layer that lies at a path. */
  static VerifiedStream open(
      LayoutFiles files,
      String path,
      Layer layer,
      LongConsumer arrivedBytes,
      BooleanSupplier cancelled)
      throws IOException {
    checkWanted(files.name(), cancelled);
    SizedStream file = files.open(path);
    if (file.size() != layer.compressedBytes()) {
      file.close();
      throw new MalformedSourceException(
          files.name(),
          path + " has " + file.size() + " bytes; its manifest says " + layer.compressedBytes());
    }
    return new VerifiedStream(files.name(), file.bytes(), layer, arrivedBytes, cancelled);
  }

  /** An interrupt counts too, and before a read: in the middle of one it would close the file. */
  static void checkWanted(String source, BooleanSupplier cancelled) throws ReadCancelledException {
    if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new ReadCancelledException(source);
    }
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0 || ended) {
      return ended ? -1 : 0;
    }
    checkWanted(source, cancelled);
    long left = layer.compressedBytes() - arrived;
    int count = left == 0 ? -1 : bytes.read(target, from, (int) Math.min(length, left));
    if (count < 0) {
      end(left);
      return -1;
    }
    hash.update(target, from, count);
    arrived += count;
    arrivedBytes.accept(arrived);
    return count;
  }

  private void end(long missing) throws IOException {
    String subject = "layer " + layer.position();
    if (missing > 0) {
      throw new MalformedSourceException(
          source, subject + " ends after " + arrived + " of " + layer.compressedBytes() + " bytes");
    }
    if (checked) {
      throw new IOException(source + ": " + subject + " was not the right one");
    }
    checked = true; // the hash can be taken once
    ContentCheck.check(source + ": " + subject, layer.compressed(), hash);
    ended = true;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
