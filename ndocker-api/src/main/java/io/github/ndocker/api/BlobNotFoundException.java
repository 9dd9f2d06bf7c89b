package io.github.ndocker.api;

/** No tier holds the blob. */
public final class BlobNotFoundException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** What was looked for. */
  private final transient Digest blob;

  /**
   * Names the blob.
   *
   * @param blob what was looked for
   */
  public BlobNotFoundException(Digest blob) {
    super("no tier holds blob " + blob + "; deploy the image again to fetch it");
    this.blob = blob;
  }

  /**
   * The blob that was looked for.
   *
   * @return its digest
   */
  public Digest blob() {
    return blob;
  }
}
