package io.github.ndocker.erofs;

import io.github.ndocker.api.NDockerException;
import java.nio.file.Path;

/** An EROFS image is damaged, or uses what this reader does not know. */
public final class MalformedImageException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * An image.
   *
   * @param image the file that holds it, or a device of it
   * @param what is wrong with it
   */
  public MalformedImageException(Path image, String what) {
    super("the EROFS image " + image + " cannot be read: " + what);
  }
}
