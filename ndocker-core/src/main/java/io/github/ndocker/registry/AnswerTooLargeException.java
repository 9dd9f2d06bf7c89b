package io.github.ndocker.registry;

/** A registry sends more than is read of an answer of this kind. */
public final class AnswerTooLargeException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** How much is read. */
  private final long limitBytes;

  /**
   * Says how much is read.
   *
   * @param registry host and port
   * @param action what was being done
   * @param limitBytes the most that is read
   */
  public AnswerTooLargeException(String registry, String action, long limitBytes) {
    super(registry, action, "the answer has more than " + limitBytes + " bytes");
    this.limitBytes = limitBytes;
  }

  /**
   * How much is read.
   *
   * @return the limit in bytes
   */
  public long limitBytes() {
    return limitBytes;
  }
}
