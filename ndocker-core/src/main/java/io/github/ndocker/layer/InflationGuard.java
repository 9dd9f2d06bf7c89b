package io.github.ndocker.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A tar as it is inflated, which ends with an error when it grows beyond all proportion. */
final class InflationGuard extends BlockInputStream {
  private final InputStream tar;
  private final Compressed compressed;
  private final LayerLimits limits;
  private final long floorBytes;
  private final long ratio;
  private long tarBytes;

  /**
   * Guards a tar.
   *
   * @param tar inflated from what is compressed; closed with this
   */
  InflationGuard(InputStream tar, Compressed compressed, LayerLimits limits) {
    this.tar = tar;
    this.compressed = compressed;
    this.limits = limits;
    this.floorBytes = limits.of(LayerLimit.INFLATION_FLOOR_BYTES);
    this.ratio = limits.of(LayerLimit.INFLATION_RATIO);
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int count = tar.read(target, from, length);
    tarBytes += Math.max(0, count);
    if (tarBytes > floorBytes && tarBytes / ratio > compressed.bytes) {
      throw new ExcessiveInflationException(tarBytes, compressed.bytes, limits);
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    throw new IOException("a tar is read, not skipped");
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** Counts what the decompressor takes. */
  static final class Compressed extends FilterInputStream {
    private long bytes;

    Compressed(InputStream raw) {
      super(raw);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      bytes += octet < 0 ? 0 : 1;
      return octet;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int count = super.read(target, from, length);
      bytes += Math.max(0, count);
      return count;
    }
  }
}
