package io.github.ndocker.registry;

/** The caller no longer wants what it asked for. */
public final class FetchCancelledException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what was given up.
   *
   * @param registry host and port
   * @param action what was being done
   */
  public FetchCancelledException(String registry, String action) {
    super(registry, action, "cancelled");
  }
}
