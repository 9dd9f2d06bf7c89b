package io.github.ndocker.rootfs;

import io.github.ndocker.api.NDockerException;

/** A root filesystem could not be mounted or unmounted. Nothing half-mounted is left. */
public final class MountException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what went wrong.
   *
   * @param message what was expected, what was found, what to do
   */
  public MountException(String message) {
    super(message);
  }

  /**
   * Says what went wrong underneath.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what the kernel said
   */
  public MountException(String message, Throwable cause) {
    super(message, cause);
  }
}
