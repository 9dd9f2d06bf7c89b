package io.github.ndocker.layer;

import java.util.List;
import java.util.Objects;

/**
 * Where the bytes of a sparse file are: it does not lie in its tar as it is read. Immutable.
 *
 * <p>Chunks that lie in the tar as a whole, at a multiple of 512, are served from there. An
 * archiver need not align anything, so of every other chunk with data in it there is a copy.
 *
 * @param parts the file from its first byte to its last one, without a gap
 * @param copies bytes of the chunks that are in the tar in no piece that a kernel could map
 */
public record SparseContents(List<FilePart> parts, ByteString copies) {
  /** Parts begin at multiples of this: a page. */
  public static final int ALIGNMENT = 1 << 12;

  /**
   * Checks that the parts follow each other.
   *
   * @throws IllegalArgumentException if they do not, or if one is of copies that are not there
   */
  public SparseContents {
    parts = List.copyOf(parts);
    Objects.requireNonNull(copies, "copies");
    long end = 0;
    for (FilePart part : parts) {
      boolean copied = part.source() == FilePart.Source.COPIES;
      if (part.fileOffset() != end || (copied && part.offset() + part.length() > copies.length())) {
        throw new IllegalArgumentException("a sparse file cannot have " + part + " at " + end);
      }
      end = part.end();
    }
  }

  /** The size of the file in bytes. */
  long size() {
    return parts.isEmpty() ? 0 : parts.get(parts.size() - 1).end();
  }

  /** After the last byte of the tar that is needed. */
  long tarEnd() {
    long end = 0;
    for (FilePart part : parts) {
      if (part.source() == FilePart.Source.TAR) {
        end = Math.max(end, part.offset() + part.length());
      }
    }
    return end;
  }
}
