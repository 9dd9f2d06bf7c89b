package io.github.ndocker.image;

import io.github.ndocker.api.NDockerException;

/** A manifest, index or configuration that does not say what it must, or that is not supported. */
public final class MalformedManifestException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Which document. */
  private final String subject;

  /** What is wrong with it. */
  private final String reason;

  /**
   * Says what is wrong.
   *
   * @param subject which document, such as "manifest of localhost:5000/app:latest"
   * @param reason what was expected and what was found
   */
  public MalformedManifestException(String subject, String reason) {
    super(subject + ": " + reason);
    this.subject = subject;
    this.reason = reason;
  }

  /**
   * Says what is wrong, and what the parser said.
   *
   * @param subject which document
   * @param reason what was expected and what was found
   * @param cause the parser's complaint
   */
  public MalformedManifestException(String subject, String reason, Throwable cause) {
    super(subject + ": " + reason, cause);
    this.subject = subject;
    this.reason = reason;
  }

  /**
   * Which document it is.
   *
   * @return a name a person knows it by
   */
  public String subject() {
    return subject;
  }

  /**
   * What is wrong with it.
   *
   * @return one sentence
   */
  public String reason() {
    return reason;
  }
}
