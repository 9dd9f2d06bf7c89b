package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.DamagedCatalogueException;
import io.github.ndocker.store.Leases;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens an engine, or closes all that it is made of. */
final class EngineOpening {
  private static final Logger LOG = LoggerFactory.getLogger(EngineOpening.class);

  private EngineOpening() {}

  static NDocker open(NDockerBuilder options) throws IOException {
    // the last first, all of them, also after a bug in a tier that is not ours
    Deque<Closeable> opened = new ArrayDeque<>(List.of(options.fast, options.slow));
    try {
      StateDirectories directories = StateDirectories.open(options);
      opened.push(directories);
      try {
        Catalogue catalogue = Catalogue.open(options.state);
        opened.push(catalogue);
        // leases, splits and retired copies are checked before anything is freed
        return new NDocker(new EngineParts(options, directories, catalogue));
      } catch (DamagedCatalogueException e) {
        if (!options.rebuildDamagedCatalogue) {
          throw e;
        }
        LOG.warn("{}", e.getMessage());
        closeCatalogue(opened);
        Catalogue catalogue = Catalogue.replaceDamaged(options.state);
        opened.push(catalogue);
        return new NDocker(new EngineParts(options, directories, catalogue));
      }
    } catch (IOException | RuntimeException e) {
      opened.forEach(left -> Leftover.closeAfter(e, left));
      throw e;
    }
  }

  private static void closeCatalogue(Deque<Closeable> opened) throws IOException {
    if (opened.peek() instanceof Catalogue damaged) {
      opened.pop();
      damaged.close();
    }
  }

  /**
   * Where rows of the catalogue were lost, nobody knows what live mounts read from: they keep all
   * there is.
   */
  static void keepForUnknownMounts(NDockerBuilder options, Leases leases) throws IOException {
    Set<Digest> all = new HashSet<>(options.fast.blobs().keySet());
    all.addAll(options.slow.blobs().keySet());
    int mounts = all.isEmpty() ? 0 : leases.addToAll(all);
    if (mounts > 0) {
      LOG.warn(
          "the catalogue lacks rows: none of {} blobs is freed before {} EROFS mounts of this host"
              + " are gone",
          all.size(),
          mounts);
    }
  }
}
