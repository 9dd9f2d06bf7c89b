package io.github.ndocker.source;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.InvalidReferenceException;
import io.github.ndocker.image.NamedManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an image of a layout or an archive is called there. Immutable.
 *
 * @param tag a name that may be a tag alone, and says nothing of the repository then
 * @param references whole references
 */
record ImageNames(Optional<String> tag, List<String> references) {
  private static final int MAX_SHOWN = 300;

  ImageNames {
    references = List.copyOf(references);
  }

  static ImageNames of(NamedManifest image) {
    return new ImageNames(image.refName(), image.imageName().stream().toList());
  }

  boolean areNone() {
    return tag.isEmpty() && references.isEmpty();
  }

  /** Whether one of them is the whole name of the image. */
  boolean include(ImageReference wanted) {
    return references.stream().anyMatch(name -> isSame(name, wanted))
        || tag.filter(name -> isSame(name, wanted)).isPresent();
  }

  /** Whether all that is known is the tag, and that is right. */
  boolean areJustTheTagOf(ImageReference wanted) {
    return references.isEmpty() && tag.isPresent() && tag.equals(wanted.tag());
  }

  private static boolean isSame(String name, ImageReference wanted) {
    try {
      ImageReference parsed = ImageReference.parse(name);
      return parsed.registry().equals(wanted.registry())
          && parsed.repository().equals(wanted.repository())
          && (wanted.tag().isEmpty() || parsed.tag().equals(wanted.tag()));
    } catch (InvalidReferenceException e) {
      return false; // such as a tag that is no repository
    }
  }

  /** For a person: short, and without what a terminal would take for a command. */
  List<String> shown() {
    List<String> names = new ArrayList<>(references);
    if (names.isEmpty()) {
      tag.ifPresent(names::add);
    }
    return names.stream().map(ImageNames::printable).toList();
  }

  /** For messages: what a file says, as far as a person may want to read it. */
  static String printable(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints()
        .limit(MAX_SHOWN)
        .map(point -> Character.isISOControl(point) ? '?' : point)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }
}
