package io.github.ndocker.registry;

/** A transfer ended before all bytes had come. What came is to be discarded. */
public final class TruncatedBlobException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** Bytes that should have come. */
  private final long expectedBytes;

  /** Bytes that came. */
  private final long foundBytes;

  /**
   * A transfer that ended as if it were complete.
   *
   * @param registry host and port
   * @param action what was being done
   * @param expectedBytes bytes that should have come
   * @param foundBytes bytes that came, or were announced
   */
  public TruncatedBlobException(
      String registry, String action, long expectedBytes, long foundBytes) {
    super(registry, action, reason(expectedBytes, foundBytes));
    this.expectedBytes = expectedBytes;
    this.foundBytes = foundBytes;
  }

  /**
   * A connection that broke.
   *
   * @param registry host and port
   * @param action what was being done
   * @param expectedBytes bytes that should have come
   * @param foundBytes bytes that came
   * @param cause how the connection broke
   */
  public TruncatedBlobException(
      String registry, String action, long expectedBytes, long foundBytes, Throwable cause) {
    super(registry, action, reason(expectedBytes, foundBytes), cause);
    this.expectedBytes = expectedBytes;
    this.foundBytes = foundBytes;
  }

  private static String reason(long expectedBytes, long foundBytes) {
    return "expected " + expectedBytes + " bytes, got only " + foundBytes + "; try again";
  }

  /**
   * Bytes that should have come.
   *
   * @return bytes
   */
  public long expectedBytes() {
    return expectedBytes;
  }

  /**
   * Bytes that came, or were announced.
   *
   * @return bytes
   */
  public long foundBytes() {
    return foundBytes;
  }
}
