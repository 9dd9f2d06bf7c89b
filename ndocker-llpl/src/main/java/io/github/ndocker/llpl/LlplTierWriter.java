package io.github.ndocker.llpl;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes one blob straight into the pages that were taken for it. */
final class LlplTierWriter implements TierWriter {
  private final LlplTier tier;
  private final List<PageRange> ranges;
  private long room;
  private long written;
  // where the next byte goes: in which range, and how far from its begin
  private int range;
  private long position;
  private boolean ended;

  LlplTierWriter(LlplTier tier, List<PageRange> ranges) {
    this.tier = tier;
    this.ranges = ranges;
    this.room = room(ranges);
  }

  private static long room(List<PageRange> ranges) {
    return ranges.stream().mapToLong(PageRange::bytes).sum();
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    requireWritable();
    takeRoomFor(source.remaining());
    while (source.hasRemaining()) {
      PageRange target = ranges.get(range);
      int count = (int) Math.min(source.remaining(), target.bytes() - position);
      tier.arenas().put(target, position, source, count);
      if (tier.medium().needsFlush()) {
        tier.arenas().flush(target, position, count);
      }
      position += count;
      written += count;
      if (position == target.bytes() && range < ranges.size() - 1) {
        range++;
        position = 0;
      }
    }
  }

  private void takeRoomFor(long bytes) throws TierFullException {
    if (bytes <= room - written) {
      return;
    }
    int last = ranges.size() - 1;
    tier.free().grow(ranges, bytes - (room - written));
    room = room(ranges);
    // a range that was full has grown, or another one follows it
    if (range == last && position == ranges.get(range).bytes()) {
      range++;
      position = 0;
    }
  }

  @Override
  public void force() throws IOException {
    requireWritable();
    tier.makeDurable(ranges);
  }

  @Override
  public void commit(Digest name) throws IOException {
    requireWritable();
    try {
      tier.free().trim(ranges, PageRange.pagesFor(written));
      if (tier.publish(ranges, written, name)) {
        ended = true;
      }
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      tier.free().trim(ranges, 0);
    }
  }

  private void requireWritable() throws IOException {
    tier.requireOpen();
    if (ended) {
      throw new IOException("the blob was committed or discarded");
    }
  }
}
