package io.github.ndocker.trust;

import io.github.ndocker.api.NDockerException;

/**
 * A key that cannot be trusted. The message never holds anything of what was found in its place.
 */
public final class MalformedKeyException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Where the key came from. */
  private final String source;

  /**
   * Says which one.
   *
   * @param source a file, or what its owner calls it
   * @param reason what was expected, what was found
   */
  public MalformedKeyException(String source, String reason) {
    super(source + ": " + reason);
    this.source = source;
  }

  /**
   * Where the key came from.
   *
   * @return a file, or what its owner calls it
   */
  public String source() {
    return source;
  }
}
