package io.github.ndocker.llpl;

import io.github.ndocker.api.NDockerException;
import java.nio.file.Path;

/** Another process, or another tier of this one, has the pool open. */
public final class PoolInUseException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the pool.
   *
   * @param pool the pool file
   */
  public PoolInUseException(Path pool) {
    super("the pool " + pool + " is open already; one tier uses a pool at a time");
  }

  /**
   * Names the pool.
   *
   * @param pool the pool file
   * @param cause what LLPL said
   */
  public PoolInUseException(Path pool, Throwable cause) {
    super(
        "the pool " + pool + " is open in another process; one process uses a pool at a time",
        cause);
  }
}
