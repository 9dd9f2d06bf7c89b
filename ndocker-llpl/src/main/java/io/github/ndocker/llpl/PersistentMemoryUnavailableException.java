package io.github.ndocker.llpl;

import io.github.ndocker.api.NDockerException;

/** The libraries that an LLPL heap needs cannot be loaded. */
public final class PersistentMemoryUnavailableException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is missing.
   *
   * @param cause why loading failed
   */
  public PersistentMemoryUnavailableException(Throwable cause) {
    super(
        "persistent memory needs the PMDK libraries of the host, which cannot be loaded ("
            + cause
            + "); install the Debian packages libpmem1 libpmemobj1 libpmempool1 on amd64 Linux,"
            + " or use a file tier instead",
        cause);
  }
}
