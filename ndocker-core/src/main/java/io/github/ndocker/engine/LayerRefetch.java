package io.github.ndocker.engine;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.source.ImageSource;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.io.InputStream;

/** Stores one layer of a deployed image again, in place of a damaged one or one that is missing. */
final class LayerRefetch {
  private final TwoTierStore store;
  private final LayerStorage storage;
  private final ImageSource source;

  LayerRefetch(TwoTierStore store, LayerStorage storage, ImageSource source) {
    this.store = store;
    this.storage = storage;
    this.source = source;
  }

  /** By the digest of the compressed layer: where the image's tag points to by now is all one. */
  void fetch(ImageRecord image, Layer layer) throws IOException {
    ImageReference reference = ImageReference.parse(image.reference());
    boolean fast =
        store
            .locate(layer.diffId().digest())
            .filter(location -> location.isWhollyOn(Tier.FAST))
            .isPresent();
    try (InputStream compressed = source.open(reference, layer, arrived -> {}, () -> false)) {
      storage.write(
          layer, compressed, 0, fast ? Tier.FAST : Tier.SLOW, LayerStorage.Progress.UNWATCHED);
    }
  }
}
