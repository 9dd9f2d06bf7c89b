package io.github.ndocker.store;

import io.github.ndocker.api.NDockerException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Another process, or another part of this one, owns the store. */
public final class StoreInUseException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Process that owns it; 0 if unknown. */
  private final long pid;

  /**
   * Names the owner.
   *
   * @param stateDirectory the store's state directory
   * @param pid the owner, if it is known
   */
  public StoreInUseException(Path stateDirectory, OptionalLong pid) {
    super(
        "the store at "
            + stateDirectory
            + " is in use by "
            + (pid.isPresent() ? "process " + pid.getAsLong() : "another process")
            + "; one process owns a store at a time");
    this.pid = pid.orElse(0);
  }

  /**
   * Which process owns it.
   *
   * @return its ID, if it is known
   */
  public OptionalLong pid() {
    return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }
}
