package io.github.ndocker.layer;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * From a layer as a registry serves it to the tar in it.
 *
 * <p>What counts is how the bytes begin, not the media type a manifest gives them: gzip (RFC 1952),
 * Zstandard (RFC 8878, windows of up to 128 MiB), or else a plain tar.
 */
public final class LayerStream {
  private LayerStream() {}

  /**
   * As {@link #open(InputStream, LayerLimits)}, with {@link LayerLimits#DEFAULT}.
   *
   * @param raw the layer; closing the result closes it
   * @return the uncompressed tar
   * @throws IOException as there
   */
  public static InputStream open(InputStream raw) throws IOException {
    return open(raw, LayerLimits.DEFAULT);
  }

  /**
   * Opens the tar in a layer. Memory is bounded, whatever comes.
   *
   * @param raw the layer; closing the result closes it
   * @param limits how far it may inflate; the others are those of {@link LayerIndexer}
   * @return the uncompressed tar. Its {@code read} throws a {@link MalformedLayerException} if the
   *     layer is damaged or cut off, an {@link ExcessiveInflationException} if it inflates beyond
   *     the limits, and what {@code raw} throws.
   * @throws MalformedLayerException if the layer begins like gzip and is not
   * @throws IOException if {@code raw} fails
   */
  public static InputStream open(InputStream raw, LayerLimits limits) throws IOException {
    InflationGuard.Compressed compressed = new InflationGuard.Compressed(raw);
    PushbackInputStream source = new PushbackInputStream(compressed, Compression.MAGIC_BYTES);
    byte[] magic = source.readNBytes(Compression.MAGIC_BYTES);
    source.unread(magic);
    return switch (Compression.of(magic)) {
      case GZIP -> new InflationGuard(new GzipMembers(source), compressed, limits);
      case ZSTANDARD -> new InflationGuard(new Zstandard(source), compressed, limits);
      case NONE -> source;
    };
  }

  /**
   * As {@link #open(InputStream, LayerLimits)}, but closing the result leaves the layer open: there
   * may be more to read of it, or somebody else closes it.
   *
   * @param raw the layer
   * @param limits how far it may inflate
   * @return the uncompressed tar
   * @throws IOException as there
   */
  public static InputStream within(InputStream raw, LayerLimits limits) throws IOException {
    return open(
        new FilterInputStream(raw) {
          @Override
          public void close() {}
        },
        limits);
  }

  /** Tells a damaged layer from a failing source. Read through a guard, never byte by byte. */
  private static final class Zstandard extends FilterInputStream {
    Zstandard(InputStream source) throws IOException {
      super(new ZstdInputStreamNoFinalizer(source));
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      try {
        return super.read(target, from, length);
      } catch (ZstdIOException e) {
        throw new MalformedLayerException("the Zstandard stream is damaged: " + e.getMessage(), e);
      }
    }
  }
}
