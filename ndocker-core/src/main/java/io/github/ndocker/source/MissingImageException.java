package io.github.ndocker.source;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import java.util.List;

/** A layout or an archive is as it should be, but holds no such image. */
public final class MissingImageException extends NDockerException {
  private static final long serialVersionUID = 1L;

  private static final int NAMES_SHOWN = 20;

  /** What was asked for. */
  private final transient ImageReference reference;

  /** What there is. */
  private final transient List<String> names;

  /**
   * Says what there is instead.
   *
   * @param source the file or directory
   * @param reference what was asked for
   * @param names the names of the images that are there
   */
  public MissingImageException(String source, ImageReference reference, List<String> names) {
    super(source + " holds no " + reference + "; it holds " + shown(names));
    this.reference = reference;
    this.names = List.copyOf(names);
  }

  private static String shown(List<String> names) {
    if (names.isEmpty()) {
      return "no image with a name";
    }
    String shown = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
    return names.size() > NAMES_SHOWN
        ? shown + " and " + (names.size() - NAMES_SHOWN) + " more"
        : shown;
  }

  /**
   * What was asked for.
   *
   * @return the reference
   */
  public ImageReference reference() {
    return reference;
  }

  /**
   * What there is.
   *
   * @return the names, as the source has them, shortened
   */
  public List<String> names() {
    return names;
  }
}
