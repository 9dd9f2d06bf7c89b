package io.github.ndocker.api;

/** Something on disk was written by a newer version of this library. Nothing of it was changed. */
public final class NewerFormatException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** The version that was found. */
  private final long found;

  /**
   * Says which versions do not fit.
   *
   * @param subject what was written, as a person knows it
   * @param found the version of its format
   * @param known the newest version that this library reads
   */
  public NewerFormatException(String subject, long found, long known) {
    super(
        subject
            + " was written by a newer N-Docker (format "
            + found
            + ", this one knows "
            + known
            + "); use that one");
    this.found = found;
  }

  /**
   * The version that was found.
   *
   * @return its number
   */
  public long found() {
    return found;
  }
}
