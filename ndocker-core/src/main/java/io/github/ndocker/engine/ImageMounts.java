package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import io.github.ndocker.erofs.ImageTree;
import io.github.ndocker.linux.SystemCallException;
import io.github.ndocker.rootfs.ErofsSource;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Mounts deployed images, or opens them without. A promotion may move blobs while one is being
 * prepared: then it is prepared again for the new places.
 */
final class ImageMounts {
  private static final int ATTEMPTS = 10;

  private final TwoTierStore store;
  private final Leases leases;
  private final MetadataImages metadata;
  private final RootfsProvider rootfs;
  private final StartReads startReads;

  ImageMounts(
      TwoTierStore store,
      Leases leases,
      MetadataImages metadata,
      RootfsProvider rootfs,
      StartReads startReads) {
    this.store = store;
    this.leases = leases;
    this.metadata = metadata;
    this.rootfs = rootfs;
    this.startReads = startReads;
  }

  RootFilesystem mount(ImageRecord image, RootfsOptions options) throws IOException {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      Optional<RootFilesystem> mounted = tryMount(image, options, false);
      if (mounted.isPresent()) {
        return mounted.get();
      }
    }
    return tryMount(image, options, true).orElseThrow();
  }

  /** Opens an image without mounting it. What it reads from stays until it is closed. */
  ImageTree open(ImageRecord image) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Optional<ImageTree> opened = tryOpen(image);
        if (opened.isPresent()) {
          return opened.get();
        }
      } catch (NoSuchFileException e) {
        if (attempt >= ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Empty if the pack is another one than is held. */
  private Optional<ImageTree> tryOpen(ImageRecord image) throws IOException {
    Set<Digest> blobs = metadata.blobs(image);
    Leases.Hold hold = leases.hold(blobs);
    Optional<ImageTree> opened = Optional.empty();
    try {
      ErofsSource source = metadata.prepare(image).source();
      if (metadata.blobs(image).equals(blobs)) {
        opened = Optional.of(ImageTree.open(source.metadata(), source.devices(), hold::close));
      }
      return opened;
    } finally {
      if (opened.isEmpty()) {
        hold.close();
      }
    }
  }

  /** Empty if the image's blobs moved meanwhile. */
  private Optional<RootFilesystem> tryMount(ImageRecord image, RootfsOptions options, boolean last)
      throws IOException {
    Set<Digest> blobs = metadata.blobs(image);
    // held from before they are located until the lease names them, so that the space of none is
    // used again in between
    try (Leases.Hold hold = leases.hold(blobs)) {
      PreparedImage prepared = metadata.prepare(image);
      if (!last && !metadata.blobs(image).equals(blobs)) {
        // the pack is another one than the lease would name
        return Optional.empty();
      }
      startReads.begin(prepared.startReads());
      try {
        RootFilesystem mounted =
            rootfs.mount(
                UUID.randomUUID().toString(),
                // a mount of its own is for a trace: what is resident must be what was read
                prepared
                    .source()
                    .withReadAhead(prepared.source().readAhead() && !options.ownTree()),
                options,
                name -> leases.add(name, blobs, prepared.ranges()));
        store.mounted(blobs);
        metadata.mounted(prepared);
        return Optional.of(mounted);
      } catch (IOException e) {
        if (last || (!lacksFile(e) && metadata.prepare(image).equals(prepared))) {
          throw e;
        }
        return Optional.empty();
      }
    }
  }

  /** Also when there is such a file by now: two promotions may have gone there and back. */
  private static boolean lacksFile(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoSuchFileException
          || (cause instanceof SystemCallException call
              && call.errno() == SystemCallException.ENOENT)) {
        return true;
      }
    }
    return false;
  }
}
