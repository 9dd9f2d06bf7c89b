package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.rootfs.ErofsSource;
import io.github.ndocker.store.Lease;
import java.util.List;

/**
 * An image that can be mounted as its blobs lay at one moment. Immutable.
 *
 * @param source its metadata, and the files that names
 * @param locations where the blobs lay that the metadata points into
 * @param startReads what a start will read of its packs, each in one piece
 */
record PreparedImage(
    ErofsSource source, List<BlobLocation> locations, List<BlobExtent> startReads) {
  PreparedImage {
    locations = List.copyOf(locations);
    startReads = List.copyOf(startReads);
  }

  /** What a mount of it reads. */
  List<Lease.Range> ranges() {
    return locations.stream()
        .flatMap(location -> location.extents().stream())
        .map(extent -> new Lease.Range(extent.file(), extent.offset(), extent.length()))
        .distinct()
        .toList();
  }
}
