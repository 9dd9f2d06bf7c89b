package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Reads a split blob from both of its parts. */
final class SplitReader implements BlobReader {
  private final Map<Tier, BlobReader> parts;
  private final NavigableMap<Long, Piece> pieces = new TreeMap<>();
  private final long size;

  /** Bytes of the blob from {@code begin} on, at {@code offset} of a part. */
  private record Piece(long begin, long length, Tier tier, long offset) {}

  /**
   * Joins two parts.
   *
   * @param parts readers of the parts, closed with this one
   * @param runs their order
   */
  SplitReader(Map<Tier, BlobReader> parts, List<SplitBlob.Run> runs) {
    this.parts = parts;
    Map<Tier, Long> offsets = new EnumMap<>(Tier.class);
    long begin = 0;
    for (SplitBlob.Run run : runs) {
      long end = offsets.merge(run.tier(), run.length(), Long::sum);
      pieces.put(begin, new Piece(begin, run.length(), run.tier(), end - run.length()));
      begin += run.length();
    }
    this.size = begin;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer destination, long position) throws IOException {
    int count = 0;
    while (destination.hasRemaining() && position + count < size) {
      int part = readPiece(destination, position + count);
      if (part == 0) {
        throw new IOException(
            "a split blob ends at byte " + (position + count) + " of " + size + "; deploy again");
      }
      count += part;
    }
    return count;
  }

  private int readPiece(ByteBuffer destination, long position) throws IOException {
    Piece piece = pieces.floorEntry(position).getValue();
    long within = position - piece.begin();
    int limit = destination.limit();
    if (destination.remaining() > piece.length() - within) {
      destination.limit(destination.position() + (int) (piece.length() - within));
    }
    try {
      BlobReader part = parts.get(piece.tier());
      if (part == null) {
        throw new IllegalStateException("no part on the tier " + piece.tier());
      }
      return part.read(destination, piece.offset() + within);
    } finally {
      destination.limit(limit);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (BlobReader part : parts.values()) {
      try {
        part.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
