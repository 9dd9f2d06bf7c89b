package io.github.ndocker.budget;

import io.github.ndocker.api.NDockerException;

/** The pinned images alone need more than the budget. Nothing is to be changed. */
public final class PinnedTooLargeException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Bytes that the pinned images need. */
  private final long neededBytes;

  /** Bytes that there are. */
  private final long budgetBytes;

  PinnedTooLargeException(int images, long neededBytes, long budgetBytes) {
    super(
        images
            + " pinned images need "
            + neededBytes
            + " bytes of the fast tier, and its budget is "
            + budgetBytes
            + "; unpin some, or raise the budget");
    this.neededBytes = neededBytes;
    this.budgetBytes = budgetBytes;
  }

  /**
   * Bytes that the pinned images need, what they share counted once.
   *
   * @return bytes
   */
  public long neededBytes() {
    return neededBytes;
  }

  /**
   * Bytes that there are.
   *
   * @return bytes
   */
  public long budgetBytes() {
    return budgetBytes;
  }
}
