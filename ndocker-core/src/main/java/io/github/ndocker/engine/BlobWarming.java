package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.linux.AvailableMemory;
import io.github.ndocker.linux.ReadAhead;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an image's blobs on the slow tier into memory, front to back. A disk reads them so in a
 * fraction of the time that the scattered reads of a start without read-ahead take.
 */
final class BlobWarming {
  private static final Logger LOG = LoggerFactory.getLogger(BlobWarming.class);

  /** More of the memory that is free would push out what others have in it. */
  private static final int SHARE = 2;

  private final TwoTierStore store;

  BlobWarming(TwoTierStore store) {
    this.store = store;
  }

  /** As long as there is memory; the top layers, where a program is, first. */
  void warm(ImageRecord image) {
    try {
      long left = AvailableMemory.bytes() / SHARE;
      for (int i = image.layers().size() - 1; i >= 0 && left > 0; i--) {
        Layer layer = image.layers().get(i);
        Optional<BlobLocation> location = store.locate(layer.diffId().digest());
        for (BlobExtent extent : location.map(BlobLocation::extents).orElse(List.of())) {
          if (extent.tier() == Tier.SLOW && left > 0) {
            long bytes = Math.min(extent.length(), left);
            ReadAhead.read(extent.file(), extent.offset(), bytes);
            left -= bytes;
          }
        }
      }
    } catch (IOException e) {
      // a blob may have moved meanwhile; the start reads what it needs, and is only slower
      LOG.info("not all blobs of {} were read ahead: {}", image.reference(), e.getMessage());
    }
  }
}
