package io.github.ndocker.engine;

/**
 * Something in a store that is not as it should be. Immutable.
 *
 * @param kind what it is about
 * @param subject which one, such as an image and a layer of it
 * @param problem what was found
 * @param outcome what was done about it
 */
public record CheckFinding(Kind kind, String subject, String problem, Outcome outcome) {
  /** What a finding is about. */
  public enum Kind {
    /** A record of the catalogue whose copy on the slow tier is missing or damaged. */
    RECORD,
    /** A record on the slow tier that the catalogue does not have. */
    LOST_RECORD,
    /** A layer that no tier holds, or that is damaged. */
    LAYER,
    /** The pack of an image's hot ranges, missing or damaged. */
    HOT_PACK,
    /** The index of a layer. */
    INDEX,
    /** The EROFS metadata of an image. */
    METADATA,
    /** A blob that nothing needs: no damage, but space, which {@link NDocker#gc} frees. */
    UNNEEDED
  }

  /** What was done about a finding. */
  public enum Outcome {
    /** Nothing: only a look was asked for, or there is nothing to mend. */
    REPORTED,
    /** It is as it should be now. */
    MENDED,
    /** It could not be mended; the problem says why. */
    FAILED
  }

  /**
   * Whether something is wrong, now.
   *
   * @return false if it was mended, or is no damage
   */
  public boolean isDamage() {
    return kind != Kind.UNNEEDED && outcome != Outcome.MENDED;
  }
}
