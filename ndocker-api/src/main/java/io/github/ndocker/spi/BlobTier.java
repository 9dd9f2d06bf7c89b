package io.github.ndocker.spi;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.Usage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One storage medium that holds blobs, each as ranges of files that the kernel can read: one range
 * where there is room for that.
 *
 * <p>A tier describes itself: what it holds can be listed from it alone. The key of a blob is
 * chosen by the caller, who has checked the bytes against it; a tier does not hash. Thread-safe.
 * {@link #close} is idempotent and closes the medium but not readers or writers, which their owners
 * close first.
 */
public interface BlobTier extends Closeable {
  /**
   * What the tier is made of.
   *
   * @return its description, always the same
   */
  TierDescription description();

  /**
   * Begins a blob that nobody sees before {@link TierWriter#commit}.
   *
   * @param expectedBytes a guess of its size; 0 if unknown. More or less may be written.
   * @return the writer, to be closed by the caller
   * @throws TierFullException if there is less room than that
   * @throws IOException if the medium fails
   */
  TierWriter write(long expectedBytes) throws IOException;

  /**
   * The committed blobs and their sizes.
   *
   * @return bytes by digest, a copy
   */
  Map<Digest, Long> blobs();

  /**
   * Where a committed blob lies.
   *
   * @param blob its digest
   * @return the extents of its bytes from the first to the last, none if the tier does not hold it;
   *     an empty blob has an extent of 0 bytes
   */
  List<Extent> locate(Digest blob);

  /**
   * Opens a committed blob.
   *
   * @param blob its digest
   * @return the reader, to be closed by the caller
   * @throws BlobNotFoundException if the tier does not hold it
   * @throws IOException if the medium fails
   */
  BlobReader read(Digest blob) throws IOException;

  /**
   * Says that a root file system which reads a blob was mounted, and may soon be again: a tier may
   * keep what finding it takes. Does nothing by default, and nothing if the tier does not hold it.
   *
   * @param blob its digest
   */
  default void mounted(Digest blob) {}

  /**
   * Frees a blob. Does nothing if the tier does not hold it. The caller makes sure that nobody
   * reads it, and that no mounted root file system does: its bytes may be overwritten at once.
   *
   * @param blob its digest
   * @throws IOException if the medium fails
   */
  void delete(Digest blob) throws IOException;

  /**
   * Frees several blobs, as {@link #delete} does one; a tier that has to wait for its medium once
   * per deletion may wait once for all. After a failure some are freed and some are not.
   *
   * @param blobs their digests
   * @throws IOException if the medium fails
   */
  default void deleteAll(Set<Digest> blobs) throws IOException {
    for (Digest blob : blobs) {
      delete(blob);
    }
  }

  /**
   * Gives a committed blob another name, durably and at once: a crash leaves it under one of the
   * two. Its bytes stay where they are, for readers and for mounted root file systems.
   *
   * @param blob its name
   * @param other its name from now on
   * @throws BlobNotFoundException if the tier does not hold it
   * @throws IOException if the medium fails, or the tier holds the other name already
   */
  void rename(Digest blob, Digest other) throws IOException;

  /**
   * How full the tier is.
   *
   * @return blobs and bytes at this moment
   */
  Usage usage();

  /**
   * A contiguous range of a file.
   *
   * @param file absolute path
   * @param offset first byte, a multiple of 512
   * @param length in bytes; a multiple of 512 but for the last extent of a blob
   */
  record Extent(Path file, long offset, long length) {}

  /** Writes one blob, front to back. For one thread at a time. Closing twice is harmless. */
  interface TierWriter extends Closeable {
    /**
     * Appends all remaining bytes.
     *
     * @param source the bytes; its position moves to its limit
     * @throws TierFullException if the budget or the medium is exhausted
     * @throws IOException if the medium fails
     */
    void write(ByteBuffer source) throws IOException;

    /**
     * Makes what was written so far durable already, so that {@link #commit} has less to wait for.
     * Does nothing by default.
     *
     * @throws IOException if the medium fails; the blob is discarded then
     */
    default void force() throws IOException {}

    /**
     * Makes the bytes durable, as far as the tier survives a power cut, and then the name. If the
     * tier already holds the blob, this copy is discarded.
     *
     * @param name the digest of what was written, vouched for by the caller
     * @throws IOException if the medium fails; the blob is discarded then, and its bytes are never
     *     assumed durable by a second attempt
     */
    void commit(Digest name) throws IOException;

    /** Discards the blob unless it was committed. */
    @Override
    void close() throws IOException;
  }
}
