package io.github.ndocker.api;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Immutable blobs on two tiers, keyed by the SHA-256 digest of their bytes.
 *
 * <p>One copy of a blob counts. It is on one tier, or in pieces on both if it was written so, until
 * it is moved. A mounted root file system keeps the copy it reads from until its kernel superblock
 * is gone. Thread-safe. One process owns a store at a time. Closing twice is harmless and does not
 * disturb mounted root file systems.
 */
public interface TieredBlobStore extends Closeable {
  /**
   * Begins a blob.
   *
   * @param tier where to
   * @param expectedBytes a guess of its size, for a contiguous place; 0 if unknown. More or less
   *     may be written.
   * @return the writer, to be closed by the caller
   * @throws TierFullException if the tier has less room than that
   * @throws IOException if the medium fails
   */
  BlobWriter write(Tier tier, long expectedBytes) throws IOException;

  /**
   * Begins a blob whose pieces go to different tiers.
   *
   * @return the writer, to be closed by the caller
   * @throws IOException if a medium fails
   */
  SplitBlobWriter writeSplit() throws IOException;

  /**
   * Opens a blob.
   *
   * @param blob its digest
   * @return the reader, to be closed by the caller
   * @throws BlobNotFoundException if no tier holds it
   * @throws IOException if the medium fails
   */
  BlobReader read(Digest blob) throws IOException;

  /**
   * Says where a blob is.
   *
   * @param blob its digest
   * @return tiers, files and ranges, or empty if no tier holds it
   */
  Optional<BlobLocation> locate(Digest blob);

  /**
   * Copies a blob to a tier, verifies the copy, and lets go of the original. Does nothing if all of
   * it is there already. At every instant one copy counts; a failure leaves the original.
   *
   * @param blob its digest
   * @param target where to
   * @throws BlobNotFoundException if no tier holds it
   * @throws TierFullException if the target has no room
   * @throws DigestMismatchException if the original turns out to be damaged
   * @throws IOException if a medium fails
   */
  void move(Digest blob, Tier target) throws IOException;

  /**
   * Lets go of a blob. Its space is free as soon as no mounted root file system reads from it.
   *
   * @param blob its digest
   * @return false if no tier held it
   * @throws IOException if the medium fails
   */
  boolean delete(Digest blob) throws IOException;

  /**
   * The blobs on a tier, wholly or in part.
   *
   * @param tier which
   * @return their digests, a copy
   */
  Set<Digest> blobs(Tier tier);

  /**
   * How full a tier is.
   *
   * @param tier which
   * @return blobs and bytes at this moment
   */
  Usage usage(Tier tier);

  /**
   * What a tier is made of.
   *
   * @param tier which
   * @return its description
   */
  TierDescription describe(Tier tier);
}
