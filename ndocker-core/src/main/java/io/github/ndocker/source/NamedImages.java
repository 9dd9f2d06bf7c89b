package io.github.ndocker.source;

import io.github.ndocker.image.ImageReference;
import java.util.List;

/**
 * The images of a layout or an archive, by their names. Immutable.
 *
 * @param <T> what is known of an image
 */
record NamedImages<T>(List<Entry<T>> entries) {
  /** One image. */
  record Entry<T>(ImageNames names, T image) {}

  NamedImages {
    entries = List.copyOf(entries);
  }

  /** Those that have the name; a whole one counts more than a tag alone. */
  List<T> find(ImageReference wanted) {
    List<T> whole = matching(names -> names.include(wanted));
    return whole.isEmpty() ? matching(names -> names.areJustTheTagOf(wanted)) : whole;
  }

  /** The only image there is, if it has no name: it can be any. */
  List<T> sole() {
    return entries.size() == 1 ? matching(ImageNames::areNone) : List.of();
  }

  List<String> shown() {
    return entries.stream().flatMap(entry -> entry.names().shown().stream()).distinct().toList();
  }

  private List<T> matching(java.util.function.Predicate<ImageNames> names) {
    return entries.stream()
        .filter(entry -> names.test(entry.names()))
        .map(Entry::image)
        .distinct()
        .toList();
  }
}
