package io.github.ndocker.source;

import io.github.ndocker.api.NDockerException;

/** A layout or an archive of images is not what it claims to be, or goes beyond the limits. */
public final class MalformedSourceException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Which one. */
  private final String source;

  /** What is wrong with it. */
  private final String reason;

  /**
   * Says what is wrong.
   *
   * @param source the file or directory
   * @param reason what was expected and what was found
   */
  public MalformedSourceException(String source, String reason) {
    super(source + ": " + ImageNames.printable(reason));
    this.source = source;
    this.reason = ImageNames.printable(reason);
  }

  /**
   * Says what is wrong and what found it.
   *
   * @param source the file or directory
   * @param reason what was expected and what was found
   * @param cause what happened underneath
   */
  public MalformedSourceException(String source, String reason, Throwable cause) {
    super(source + ": " + ImageNames.printable(reason), cause);
    this.source = source;
    this.reason = ImageNames.printable(reason);
  }

  /**
   * Which one it is.
   *
   * @return the file or directory
   */
  public String source() {
    return source;
  }

  /**
   * What is wrong with it.
   *
   * @return one sentence, with nothing in it that a terminal would obey
   */
  public String reason() {
    return reason;
  }
}
