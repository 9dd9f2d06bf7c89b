package io.github.ndocker.engine;

import io.github.ndocker.erofs.ImageTree;
import io.github.ndocker.hotfile.ColdStartTrace;
import io.github.ndocker.rootfs.MountException;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.OciRuntime;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.RightOfWay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Mounts images and starts containers in them, watched or not. Thread-safe. */
final class Containers {
  private final ImageMounts mounts;
  private final OciRuntime runtime;
  private final Path bundles;
  private final Retention retention;
  private final Profiles profiles;
  private final BlobWarming warming;
  private final StartLedger starts;
  private final RightOfWay urgent;

  Containers(
      ImageMounts mounts,
      OciRuntime runtime,
      Path bundles,
      Retention retention,
      Profiles profiles,
      BlobWarming warming,
      StartLedger starts,
      RightOfWay urgent) {
    this.mounts = mounts;
    this.runtime = runtime;
    this.bundles = bundles;
    this.retention = retention;
    this.profiles = profiles;
    this.warming = warming;
    this.starts = starts;
    this.urgent = urgent;
  }

  /** Looks the image up while none of its blobs can be deleted. */
  RootFilesystem mount(Retention.Operation<ImageRecord> lookUp, RootfsOptions options)
      throws IOException {
    try (RightOfWay.Use way = urgent.take()) {
      return retention.shared(
          () -> {
            ImageRecord image = lookUp.run();
            RootFilesystem mounted = mounts.mount(image, options);
            starts.started(image.chainId());
            return mounted;
          });
    }
  }

  /** As {@link #mount}, without a mount. */
  ImageTree open(Retention.Operation<ImageRecord> lookUp) throws IOException {
    return retention.shared(() -> mounts.open(lookUp.run()));
  }

  /** Takes over the root filesystem. */
  RunningContainer start(RootFilesystem rootfs, ContainerSpec spec) throws IOException {
    String id = "ndocker-" + UUID.randomUUID();
    try {
      BundleDirectory bundle = BundleDirectory.create(bundles, id);
      try {
        Container container = runtime.start(id, spec, rootfs.root(), bundle.path());
        return new RunningContainer(container, rootfs, bundle);
      } catch (IOException | RuntimeException e) {
        Leftover.closeAfter(e, bundle);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      Leftover.closeAfter(e, rootfs);
      throw e;
    }
  }

  /** Watched since before it exists. */
  TracedStart startTraced(
      ImageRecord image, ContainerSpec spec, RootfsOptions options, TraceOptions how)
      throws IOException {
    // pages that are resident are pages that were read, only without read-ahead and on a superblock
    // that nothing else uses
    RootFilesystem rootfs = mount(() -> image, options.withOwnTree());
    if (rootfs.way() == RootfsWay.DIRECTORIES) {
      MountException failure =
          new MountException("a start can only be traced in EROFS; this host mounts directories");
      Leftover.closeAfter(failure, rootfs);
      throw failure;
    }
    ColdStartTrace trace;
    try {
      if (how.warming()) {
        warming.warm(image);
      }
      trace = new ColdStartTrace(rootfs.root(), rootfs.image(), how.boundedQueue());
    } catch (IOException | RuntimeException e) {
      Leftover.closeAfter(e, rootfs);
      throw e;
    }
    try {
      return new TracedStart(image, profiles, trace, start(rootfs, spec), how);
    } catch (IOException | RuntimeException e) {
      Leftover.closeAfter(e, trace);
      throw e;
    }
  }
}
