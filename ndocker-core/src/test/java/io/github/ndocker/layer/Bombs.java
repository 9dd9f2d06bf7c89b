package io.github.ndocker.layer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Layers of zeros, which inflate to thousands of times their size. */
public final class Bombs {
  /** How often the part of a bomb is in it: 64 parts of 64 MiB are 4 GiB. */
  private static final int PARTS = 64;

  private static final int PART_BYTES = 64 << 20;

  private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};

  /** Magic number; no size, no checksum; a window of 1 MiB (RFC 8878, 3.1.1). */
  private static final byte[] ZSTD_HEAD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 80};

  private Bombs() {}

  /** 4 MiB that inflate to 4 GiB: as much as deflate can do. */
  public static byte[] gzip() {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    byte[] compressed = new byte[1 << 20];
    deflater.setInput(new byte[PART_BYTES]);
    // ends at a whole byte and refers to nothing before it: the same part may follow again
    int length = deflater.deflate(compressed, 0, compressed.length, Deflater.FULL_FLUSH);
    deflater.end();
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.writeBytes(GZIP_HEAD);
    for (int part = 0; part < PARTS; part++) {
      bomb.write(compressed, 0, length);
    }
    return bomb.toByteArray();
  }

  /** The same in 64 members, each of which is well-formed. */
  public static byte[] gzipMembers() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
      gzip.write(new byte[PART_BYTES]);
    }
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    for (int part = 0; part < PARTS; part++) {
      bomb.writeBytes(member.toByteArray());
    }
    return bomb.toByteArray();
  }

  /** 64 KiB that inflate to 2 GiB: blocks of one byte that is repeated (RFC 8878, 3.1.1.2). */
  public static byte[] zstd() {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.writeBytes(ZSTD_HEAD);
    int header = (128 << 10) << 3 | 1 << 1;
    byte[] block = {(byte) header, (byte) (header >> 8), (byte) (header >> 16), 0};
    for (int i = 0; i < 1 << 14; i++) {
      bomb.writeBytes(block);
    }
    return bomb.toByteArray();
  }

  /** A frame that wants a window of 2 GiB to begin with. */
  public static byte[] zstdOfHugeWindow() {
    byte[] bomb = zstd();
    bomb[5] = (byte) ((31 - 10) << 3);
    return bomb;
  }
}
