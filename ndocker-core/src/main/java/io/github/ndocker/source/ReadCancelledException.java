package io.github.ndocker.source;

import io.github.ndocker.api.NDockerException;

/** The caller no longer wants what it was reading. */
public final class ReadCancelledException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what was given up.
   *
   * @param source the file or directory
   */
  public ReadCancelledException(String source) {
    super(source + ": reading was cancelled");
  }
}
