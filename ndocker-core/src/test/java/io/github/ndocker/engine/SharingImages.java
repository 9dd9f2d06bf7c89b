package io.github.ndocker.engine;

import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Two images with the same lowest layer: one that is there before, so that what is left of another
 * one can be told, and that other one.
 */
record SharingImages(TinyImage stored, TinyImage image) {
  /** The topmost layer of the other image has files of so many bytes. */
  static SharingImages withTopFilesOf(int bytes) throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base /", Map.of("base", "b"));
    return new SharingImages(
        TinyImage.of(List.of(base, TinyLayer.ofTexts("COPY stored /", Map.of("s", "s")))),
        TinyImage.of(
            List.of(
                base,
                TinyImage.withLayers(2, 2, 4_000).layers().get(1),
                TinyImage.withLayers(3, 2, bytes).layers().get(2))));
  }
}
