package io.github.ndocker.layer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a layer's tar as it streams past and remembers where everything is.
 *
 * <p>Takes the bytes in pieces of any size, so that the same pieces can be hashed and stored. File
 * data is skipped. Reads what the Go tar reader under the usual container engines reads: V7, ustar,
 * star and GNU archives, PAX extended headers, GNU's sparse files in all forms; the records of
 * global PAX headers are checked and ignored, as they do. Of file data only what has to be copied
 * of sparse files is kept. After an error the indexer is of no more use. For one thread.
 */
public final class LayerIndexer {
  /** What a chunk of a file in two parts may be at most: large, so that few are needed. */
  public static final long SEAM_BYTES = 1 << 20;

  private final LayerLimits limits;
  private final List<LayerEntry> entries = new ArrayList<>();
  private final EntryHeaders headers;

  private final byte[] block = new byte[TarHeader.BLOCK];
  private int filled;

  /** Bytes of the current entry that are still to come, and the zeros after them. */
  private long toSkip;

  /** How many of these are the zeros. */
  private long zeros;

  /** Where the contents of the current entry begin. */
  private long contentStart;

  /** Body of a PAX or GNU header that is being collected, else empty. */
  private byte[] body = new byte[0];

  private int bodyFilled;
  private char bodyType;

  /** A sparse file whose map goes on in the next block, or none. */
  private Optional<EntryHeaders.Begun> beginning = Optional.empty();

  /** Bytes of data that come after the map. */
  private long sparseData;

  /** A sparse file whose data is passing, or none. */
  private Optional<SparseFile> sparse = Optional.empty();

  private long position;
  private long indexBytes;
  private long contentBytes;
  private long sparseCost;
  private boolean zeroBlock;
  private boolean ended;

  /** An indexer with {@link LayerLimits#DEFAULT}. */
  public LayerIndexer() {
    this(LayerLimits.DEFAULT);
  }

  /**
   * An indexer with limits of the caller.
   *
   * @param limits what a layer may contain
   */
  public LayerIndexer(LayerLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    this.headers = new EntryHeaders(limits);
  }

  /**
   * Takes the next bytes of the tar.
   *
   * @param bytes where they are
   * @param from the first one
   * @param length how many
   * @throws MalformedLayerException if this is no tar that can be a layer
   */
  public void update(byte[] bytes, int from, int length) throws MalformedLayerException {
    update(ByteBuffer.wrap(bytes, from, length));
  }

  /**
   * Takes the next bytes of the tar.
   *
   * @param bytes all that remains; its position moves to its limit
   * @throws MalformedLayerException if this is no tar that can be a layer
   */
  public void update(ByteBuffer bytes) throws MalformedLayerException {
    limits.check(LayerLimit.TAR_BYTES, position + bytes.remaining());
    while (bytes.hasRemaining() && !ended) {
      if (bodyFilled < body.length) {
        int part = Math.min(bytes.remaining(), body.length - bodyFilled);
        bytes.get(body, bodyFilled, part);
        bodyFilled += part;
        position += part;
        if (bodyFilled == body.length) {
          finishBody();
        }
      } else if (toSkip > 0) {
        int part = (int) Math.min(bytes.remaining(), toSkip);
        pass(bytes, part);
      } else {
        int part = Math.min(bytes.remaining(), TarHeader.BLOCK - filled);
        bytes.get(block, filled, part);
        filled += part;
        position += part;
        if (filled == TarHeader.BLOCK) {
          filled = 0;
          takeBlock();
        }
      }
    }
    // after the end mark a tar may be padded with anything
    position += bytes.remaining();
    bytes.position(bytes.limit());
  }

  /**
   * How many of the next bytes are contents of a file, which are of no interest here: a caller that
   * has the tar in a file may pass over them with {@link #skip}. Those of a sparse file are of
   * interest.
   *
   * @return bytes, with the zeros after the contents; 0 if the next byte has to be read
   */
  public long contentsAhead() {
    return ended || bodyFilled < body.length || sparse.isPresent() ? 0 : toSkip;
  }

  /**
   * Whether the mark was read that ends a tar; nothing that follows counts.
   *
   * @return true after it
   */
  public boolean isEnded() {
    return ended;
  }

  /**
   * Passes over contents.
   *
   * @param bytes how many, at most {@link #contentsAhead}
   * @throws IllegalArgumentException if there are not so many
   */
  public void skip(long bytes) {
    if (bytes < 0 || bytes > contentsAhead()) {
      throw new IllegalArgumentException(
          bytes + " bytes to pass over; at most " + contentsAhead() + " can be");
    }
    toSkip -= bytes;
    position += bytes;
  }

  /**
   * Says that the tar is complete. A missing end mark is tolerated after a complete entry, and so
   * are missing zeros behind the contents of the last file, as in the Go tar reader.
   *
   * @return the index
   * @throws MalformedLayerException if the tar ends in the middle of something
   */
  public LayerIndex finish() throws MalformedLayerException {
    if (!ended && (filled > 0 || toSkip > zeros || beginning.isPresent() || headers.arePending())) {
      throw new MalformedLayerException(
          "the tar ends after " + position + " bytes, in the middle of an entry");
    }
    if (toSkip > 0) {
      toSkip = 0;
      finishSparse();
    }
    return new LayerIndex(position, entries);
  }

  /**
   * Where the tar may be cut so that the kernel can serve files from both parts: anywhere between
   * the contents of files, or at a multiple of {@link #SEAM_BYTES} in one of them that is not
   * sparse.
   *
   * @return the first such offset that is not before the bytes taken so far; a multiple of 512
   */
  public long nextSeam() {
    long block = position + padding(position);
    if (bodyFilled < body.length || toSkip == 0) {
      return block;
    }
    if (sparse.isPresent()) {
      return position + toSkip;
    }
    long inFile = position - contentStart;
    return Math.min(position + toSkip, contentStart + inFile + (-inFile & (SEAM_BYTES - 1)));
  }

  private void pass(ByteBuffer bytes, int count) throws MalformedLayerException {
    if (sparse.isPresent()) {
      sparse.get().take(bytes.slice(bytes.position(), count), position);
    }
    bytes.position(bytes.position() + count);
    toSkip -= count;
    position += count;
    if (toSkip == 0) {
      finishSparse();
    }
  }

  private void takeBlock() throws MalformedLayerException {
    if (beginning.isPresent()) {
      SparseMapReader reader = beginning.get().sparse().orElseThrow().reader();
      reader.take(block);
      continueSparse(beginning.get());
      return;
    }
    if (isZero(block)) {
      ended = zeroBlock;
      zeroBlock = true;
      return;
    }
    if (zeroBlock) {
      throw new MalformedLayerException("something follows a zero block in the tar");
    }
    TarHeader header = TarHeader.parse(block);
    switch (header.typeFlag()) {
      case 'x', 'g', 'L', 'K' -> beginBody(header);
      default -> addEntry(header);
    }
  }

  private void beginBody(TarHeader header) throws MalformedLayerException {
    boolean pax = header.typeFlag() == 'x' || header.typeFlag() == 'g';
    LayerLimit limit = pax ? LayerLimit.PAX_BYTES : LayerLimit.GNU_BYTES;
    if (header.size() < 0) {
      throw new MalformedLayerException("an extended header of " + header.size() + " bytes");
    }
    limits.checkCount(limit, header.size());
    body = new byte[(int) header.size()];
    bodyFilled = 0;
    bodyType = header.typeFlag();
    toSkip = padded(0, header.size());
    headers.announce();
    if (body.length == 0) {
      finishBody();
    }
  }

  private void finishBody() throws MalformedLayerException {
    switch (bodyType) {
      case 'x' -> headers.pax(PaxRecords.parse(body, limits));
      case 'L' -> headers.longName(withoutNul(body));
      case 'K' -> headers.longLink(withoutNul(body));
      default -> {
        var unused = PaxRecords.parse(body, limits);
        headers.global();
      }
    }
    body = new byte[0];
    bodyFilled = 0;
  }

  private void addEntry(TarHeader header) throws MalformedLayerException {
    limits.check(LayerLimit.ENTRIES, entries.size() + 1L);
    EntryHeaders.Begun begun = headers.begin(header, block, position);
    indexBytes += begun.entry().keptBytes();
    limits.check(LayerLimit.INDEX_BYTES, indexBytes);
    long size = begun.sparse().map(SparseForm::size).orElse(begun.entry().size());
    limits.check(LayerLimit.FILE_BYTES, size);
    contentBytes += size;
    limits.check(LayerLimit.CONTENT_BYTES, contentBytes);
    if (begun.dataBytes() > limits.of(LayerLimit.TAR_BYTES) - position) {
      throw new LayerLimitException(LayerLimit.TAR_BYTES, limits.of(LayerLimit.TAR_BYTES));
    }
    if (begun.sparse().isPresent()) {
      sparseData = begun.dataBytes();
      beginning = Optional.of(begun);
      continueSparse(begun);
    } else {
      entries.add(begun.entry());
      contentStart = position;
      toSkip = padded(begun.dataBytes(), begun.dataBytes());
    }
  }

  /** Goes on to the data of a sparse file, unless its map wants another block. */
  private void continueSparse(EntryHeaders.Begun begun) throws MalformedLayerException {
    SparseForm form = begun.sparse().orElseThrow();
    SparseMapReader reader = form.reader();
    if (reader.wantsBlock()) {
      sparseData -= reader.isInData() ? TarHeader.BLOCK : 0;
      if (sparseData < 0) {
        throw new MalformedLayerException("the map of a sparse file is longer than the file");
      }
      return;
    }
    beginning = Optional.empty();
    SparseFile file =
        new SparseFile(
            begun.entry(), form.size(), reader.map(), sparseData, position, limits, sparseCost);
    sparseCost += file.cost();
    sparse = Optional.of(file);
    contentStart = position;
    toSkip = padded(sparseData, sparseData);
    if (toSkip == 0) {
      finishSparse();
    }
  }

  private void finishSparse() {
    sparse.ifPresent(file -> entries.add(file.entry()));
    sparse = Optional.empty();
  }

  /** So many bytes, and the zeros that follow something of a size. */
  private long padded(long bytes, long size) {
    zeros = padding(size);
    return bytes + zeros;
  }

  private static long padding(long size) {
    return -size & (TarHeader.BLOCK - 1);
  }

  private static ByteString withoutNul(byte[] text) {
    ByteString all = ByteString.wrap(text);
    return all.slice(0, all.indexOf((byte) 0, 0));
  }

  private static boolean isZero(byte[] block) {
    for (byte octet : block) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }
}
