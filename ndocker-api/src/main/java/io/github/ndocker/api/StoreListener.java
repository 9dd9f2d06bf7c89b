package io.github.ndocker.api;

import java.io.IOException;

/**
 * Hears what a store does with its blobs, for metrics and alarms. Every method does nothing by
 * default.
 *
 * <p>Called on the thread that acts, from several threads at a time, and often while the blob in
 * question is locked: a listener returns at once and calls no method of the store. It must not
 * throw; a {@link RuntimeException} of it is logged and otherwise ignored. Bytes are those of the
 * blob on the tier in question: of a split blob, of its part there. How full a tier is at any
 * moment, {@link TieredBlobStore#usage} says.
 */
public interface StoreListener {
  /** Hears nothing. */
  StoreListener NONE = new StoreListener() {};

  /**
   * A blob became visible. Of a split blob, called once for each tier.
   *
   * @param blob its digest
   * @param tier where its bytes are
   * @param bytes how many of them are there
   */
  default void stored(Digest blob, Tier tier, long bytes) {}

  /**
   * All of a blob is on another tier now.
   *
   * @param blob its digest
   * @param from where it was, at least in part
   * @param to where all of it is
   * @param bytes what was not there before
   */
  default void moved(Digest blob, Tier from, Tier to, long bytes) {}

  /**
   * A move in the background failed and was given up; the blob is where it was.
   *
   * @param blob its digest
   * @param to where it was to go
   * @param reason what happened
   */
  default void moveFailed(Digest blob, Tier to, IOException reason) {}

  /**
   * Somebody gets to read a blob: a reader was opened, or it is part of a root filesystem that was
   * mounted. What of it is really read, nobody says. Of a split blob, called once for each tier.
   *
   * @param blob its digest
   * @param tier where its bytes are
   * @param bytes how many of them are there
   */
  default void hit(Digest blob, Tier tier, long bytes) {}

  /**
   * A blob is not visible any more.
   *
   * @param blob its digest
   */
  default void deleted(Digest blob) {}

  /**
   * A copy that does not count any more is kept, because something still reads from it.
   *
   * @param blob its digest
   * @param tier where the copy is
   * @param bytes the copy's
   */
  default void retired(Digest blob, Tier tier, long bytes) {}

  /**
   * A copy that does not count any more is gone, and its space is free.
   *
   * @param blob its digest
   * @param tier where the copy was
   * @param bytes the copy's
   */
  default void freed(Digest blob, Tier tier, long bytes) {}

  /**
   * A blob has left the fast tier, to make room. It was reported as moved as well.
   *
   * @param blob its digest
   * @param bytes what was on the fast tier
   */
  default void evicted(Digest blob, long bytes) {}

  /**
   * Bytes of a blob are not what they should be, or cannot be read. Called whenever that is found,
   * so perhaps more than once.
   *
   * @param blob its digest
   * @param reason what was found
   */
  default void damaged(Digest blob, IOException reason) {}

  /**
   * A blob that was damaged, or of which a part was missing, was stored again.
   *
   * @param blob its digest
   */
  default void repaired(Digest blob) {}

  /**
   * A tier was too full for what was to be written to it.
   *
   * @param tier which
   * @param reason how much was needed, and how much was free
   */
  default void refused(Tier tier, TierFullException reason) {}
}
