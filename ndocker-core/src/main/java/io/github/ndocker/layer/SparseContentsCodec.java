package io.github.ndocker.layer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contents of a sparse file as bytes of an index; a single zero for any other file. */
final class SparseContentsCodec {
  /** A stretch of data is a hole, a copy, a part in the tar and another copy at most. */
  private static final long PARTS_OF_EXTENT = 4;

  private SparseContentsCodec() {}

  static void write(Optional<SparseContents> contents, VarintOutput out) throws IOException {
    List<FilePart> parts = contents.map(SparseContents::parts).orElse(List.of());
    out.writeUnsigned(parts.size());
    for (FilePart part : parts) {
      out.writeUnsigned(part.source().code());
      out.writeUnsigned(part.length());
      out.writeUnsigned(part.offset() / TarHeader.BLOCK);
    }
    if (contents.isPresent()) {
      out.writeBytes(contents.get().copies());
    }
  }

  static Optional<SparseContents> read(VarintInput in, LayerLimits limits) throws IOException {
    long count = in.readUnsigned(PARTS_OF_EXTENT * limits.count(LayerLimit.SPARSE_EXTENTS) + 1);
    if (count == 0) {
      return Optional.empty();
    }
    List<FilePart> parts = new ArrayList<>();
    long position = 0;
    for (long i = 0; i < count; i++) {
      FilePart.Source source =
          FilePart.Source.ofCode((int) in.readUnsigned(FilePart.Source.HOLE.code()));
      long length = in.readUnsigned(limits.of(LayerLimit.FILE_BYTES));
      long offset =
          in.readUnsigned(limits.of(LayerLimit.TAR_BYTES) / TarHeader.BLOCK) * TarHeader.BLOCK;
      parts.add(new FilePart(position, length, source, offset));
      position += length;
    }
    ByteString copies = in.readCounted(limits.count(LayerLimit.SPARSE_COST_BYTES));
    return Optional.of(new SparseContents(parts, copies));
  }
}
