package io.github.ndocker.api;

/** Bytes that are not the ones that were asked for. They have been discarded. */
public final class DigestMismatchException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final transient Digest expected;

  /** What was found. */
  private final transient Digest found;

  /**
   * Says which bytes differ.
   *
   * @param subject what was verified, such as "layer 3 of localhost:5000/app:latest"
   * @param expected the digest asked for
   * @param found the digest of the bytes that came
   */
  public DigestMismatchException(String subject, Digest expected, Digest found) {
    super(
        subject + ": expected " + expected + " but found " + found + "; the bytes were discarded");
    this.expected = expected;
    this.found = found;
  }

  /**
   * The digest asked for.
   *
   * @return the digest
   */
  public Digest expected() {
    return expected;
  }

  /**
   * The digest of the bytes that came.
   *
   * @return the digest
   */
  public Digest found() {
    return found;
  }
}
