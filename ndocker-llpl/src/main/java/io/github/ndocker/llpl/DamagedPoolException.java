package io.github.ndocker.llpl;

import io.github.ndocker.api.NDockerException;
import java.nio.file.Path;

/** A file is not a pool of this tier, or a damaged one; it is set aside then. */
final class DamagedPoolException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** What was found. */
  private final String found;

  /** Says what was found in which file. */
  DamagedPoolException(Path pool, String found) {
    super(pool + " is not a pool of N-Docker or is damaged: " + found);
    this.found = found;
  }

  /** Says what was found in which file, and why that is known. */
  DamagedPoolException(Path pool, String found, Throwable cause) {
    super(pool + " is not a pool of N-Docker or is damaged: " + found, cause);
    this.found = found;
  }

  /** What was found. */
  String found() {
    return found;
  }
}
