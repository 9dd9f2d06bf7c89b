package io.github.ndocker.registry;

import io.github.ndocker.api.NDockerException;

/** A login that may be there cannot be found out. The message never holds a secret. */
public final class CredentialsException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Where the login is kept. */
  private final String source;

  /**
   * Says where.
   *
   * @param source a file or a program
   * @param reason what was expected, what was found
   */
  public CredentialsException(String source, String reason) {
    super(source + ": " + reason);
    this.source = source;
  }

  /**
   * Where the login is kept.
   *
   * @return a file or a program
   */
  public String source() {
    return source;
  }
}
