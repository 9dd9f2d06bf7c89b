package io.github.ndocker.registry;

/** The registry wants other credentials than the ones it was given, or any at all. */
public final class UnauthorizedException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /**
   * Says who refused.
   *
   * @param registry host and port
   * @param action what was being done
   * @param status 401 or 403
   */
  public UnauthorizedException(String registry, String action, int status) {
    super(registry, action, status, "access denied; check the credentials for this registry");
  }
}
