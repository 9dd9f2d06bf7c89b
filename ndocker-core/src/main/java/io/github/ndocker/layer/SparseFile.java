package io.github.ndocker.layer;

import java.nio.ByteBuffer;
import java.util.List;

/** A sparse file whose data passes by: keeps what has to be copied of it. */
final class SparseFile {
  private final LayerEntry withoutContents;
  private final SparseLayout layout;
  private final List<SparseLayout.Span> spans;
  private final byte[] copies;
  private int at;

  /**
   * Prepares for the data.
   *
   * @param withoutContents its entry, with the size 0
   * @param size bytes of the file
   * @param map where its data is in it
   * @param data bytes of data in the tar
   * @param position where they begin
   * @param limits what a layer may have
   * @param costBefore what the sparse files before it cost
   */
  SparseFile(
      LayerEntry withoutContents,
      long size,
      SparseMap map,
      long data,
      long position,
      LayerLimits limits,
      long costBefore)
      throws MalformedLayerException {
    map.check(size, data);
    this.withoutContents = withoutContents;
    this.layout = SparseLayout.cheapest(size, map.extents(), position);
    limits.checkCount(LayerLimit.SPARSE_COST_BYTES, costBefore + layout.cost());
    this.spans = layout.spans(map.extents());
    this.copies = new byte[(int) layout.copiedBytes()];
  }

  long cost() {
    return layout.cost();
  }

  /**
   * Takes data.
   *
   * @param bytes all that remains is taken
   * @param position of the first one in the tar
   */
  void take(ByteBuffer bytes, long position) {
    long from = position;
    while (bytes.hasRemaining() && at < spans.size()) {
      SparseLayout.Span span = spans.get(at);
      if (from < span.tarOffset()) {
        int part = (int) Math.min(bytes.remaining(), span.tarOffset() - from);
        bytes.position(bytes.position() + part);
        from += part;
      } else {
        long inSpan = from - span.tarOffset();
        int part = (int) Math.min(bytes.remaining(), span.length() - inSpan);
        bytes.get(copies, (int) (span.copyOffset() + inSpan), part);
        from += part;
        at += inSpan + part == span.length() ? 1 : 0;
      }
    }
    bytes.position(bytes.limit());
  }

  /** The entry, once all data has been taken. */
  LayerEntry entry() {
    return withoutContents.sparse(new SparseContents(layout.parts(), ByteString.of(copies)));
  }
}
