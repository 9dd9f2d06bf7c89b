package io.github.ndocker.source;

import java.util.Objects;

/**
 * A manifest or an index as it came from somewhere, not checked yet.
 *
 * @param json its bytes; not copied
 * @param mediaType what it came as; empty if nothing was said
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ImageDocument(byte[] json, String mediaType) {
  /** Checks that nothing is missing. */
  public ImageDocument {
    Objects.requireNonNull(json, "json");
    Objects.requireNonNull(mediaType, "mediaType");
  }
}
