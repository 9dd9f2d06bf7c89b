package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packs of a promotion as one text, a blank between two; of one pack its name. */
final class PackNames {
  private static final String BETWEEN = " ";

  private PackNames() {}

  static String write(List<Digest> packs) {
    return packs.stream().map(Digest::toString).collect(Collectors.joining(BETWEEN));
  }

  /**
   * Reads names.
   *
   * @throws IllegalArgumentException if one is no digest
   */
  static List<Digest> read(String names) {
    return names.isEmpty()
        ? List.of()
        : Stream.of(names.split(BETWEEN, -1)).map(Digest::parse).toList();
  }
}
