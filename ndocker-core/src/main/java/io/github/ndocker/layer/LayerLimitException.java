package io.github.ndocker.layer;

/** A layer has too much of something. A host that trusts it may allow more. */
public class LayerLimitException extends MalformedLayerException {
  private static final long serialVersionUID = 1L;

  /** What it has too much of. */
  private final LayerLimit limit;

  /** How much is allowed. */
  private final long allowed;

  /**
   * Says which limit it is.
   *
   * @param limit what the layer has too much of
   * @param allowed how much of it is allowed
   * @param message what was found
   */
  protected LayerLimitException(LayerLimit limit, long allowed, String message) {
    super(message + ". If the image is to be trusted, allow more in LayerLimits: " + limit);
    this.limit = limit;
    this.allowed = allowed;
  }

  LayerLimitException(LayerLimit limit, long allowed) {
    this(limit, allowed, "the layer has more than " + allowed + " " + limit.what());
  }

  /**
   * What the layer has too much of.
   *
   * @return the limit
   */
  public LayerLimit limit() {
    return limit;
  }

  /**
   * How much is allowed.
   *
   * @return in the unit of the limit
   */
  public long allowed() {
    return allowed;
  }
}
