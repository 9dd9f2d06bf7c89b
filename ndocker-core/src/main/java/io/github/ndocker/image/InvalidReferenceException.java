package io.github.ndocker.image;

import io.github.ndocker.api.NDockerException;

/** A text that does not name an image. */
public final class InvalidReferenceException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** The text, shortened. */
  private final String reference;

  /**
   * Says what is wrong with the text.
   *
   * @param reference the text
   * @param reason what the grammar of references wants instead
   */
  public InvalidReferenceException(String reference, String reason) {
    super("not an image reference: '" + shorten(reference) + "': " + reason);
    this.reference = shorten(reference);
  }

  /**
   * The text that was given.
   *
   * @return its first 300 characters
   */
  public String reference() {
    return reference;
  }

  private static String shorten(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "...";
  }
}
