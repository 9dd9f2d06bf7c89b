package io.github.ndocker.registry;

import io.github.ndocker.api.NDockerException;
import java.util.OptionalInt;

/**
 * A registry did not do what it was asked for. The message never holds credentials, tokens or the
 * query of an address, which may be a signature.
 */
public class RegistryException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** The registry. */
  private final String registry;

  /** What was being done. */
  private final String action;

  /** The status of the answer; 0 if there was none. */
  private final int status;

  /**
   * A failure without an answer of the registry.
   *
   * @param registry host and port
   * @param action what was being done, such as "fetch the manifest latest of library/python"
   * @param reason what was expected, what was found, what to do
   */
  public RegistryException(String registry, String action, String reason) {
    super(registry + ": could not " + action + ": " + reason);
    this.registry = registry;
    this.action = action;
    this.status = 0;
  }

  /**
   * A failure that another one caused.
   *
   * @param registry host and port
   * @param action what was being done
   * @param reason what was expected, what was found, what to do
   * @param cause what happened underneath
   */
  public RegistryException(String registry, String action, String reason, Throwable cause) {
    super(registry + ": could not " + action + ": " + reason, cause);
    this.registry = registry;
    this.action = action;
    this.status = 0;
  }

  /**
   * An answer that is a refusal.
   *
   * @param registry host and port
   * @param action what was being done
   * @param status the status of the answer
   * @param reason what was expected, what was found, what to do
   */
  public RegistryException(String registry, String action, int status, String reason) {
    super(registry + ": could not " + action + ": status " + status + ": " + reason);
    this.registry = registry;
    this.action = action;
    this.status = status;
  }

  /**
   * The registry that was asked.
   *
   * @return host and port
   */
  public String registry() {
    return registry;
  }

  /**
   * What was being done.
   *
   * @return a phrase that begins with a verb
   */
  public String action() {
    return action;
  }

  /**
   * How the registry answered.
   *
   * @return the HTTP status; empty if it did not answer, or its answer was wrong in another way
   */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
