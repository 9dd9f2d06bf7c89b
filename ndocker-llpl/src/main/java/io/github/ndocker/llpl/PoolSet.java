package io.github.ndocker.llpl;

import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open pools of a tier.
 *
 * @param pools those that could be opened, the oldest first
 * @param setAside the damaged ones, under their new names
 */
record PoolSet(List<Pool> pools, List<Path> setAside) {
  private static final Logger LOG = LoggerFactory.getLogger(PoolSet.class);

  PoolSet {
    pools = List.copyOf(pools);
    setAside = List.copyOf(setAside);
  }

  /**
   * Opens all pools of a directory, sets damaged ones aside, and adds one if the others do not have
   * room for the budget.
   *
   * @param mostArenaPages how large an arena of a new pool may be
   * @throws TierFullException if there is no pool and no room for one
   */
  static PoolSet open(TierDirectory directory, long capacityBytes, long mostArenaPages)
      throws IOException {
    List<Pool> pools = new ArrayList<>();
    List<Path> setAside = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (Path path : directory.pools()) {
      try {
        Pool pool = MappedPools.open(path);
        if (!ids.add(pool.id())) {
          throw new DamagedPoolException(path, "it is a copy of another pool here");
        }
        pools.add(pool);
      } catch (DamagedPoolException e) {
        Path aside = directory.setAside(path);
        setAside.add(aside);
        LOG.warn("a damaged pool is set aside as {}; its blobs are fetched again", aside, e);
      }
    }
    PoolSet found = new PoolSet(pools, setAside);
    long missing = capacityBytes - found.bytes();
    while (missing > 0) {
      try {
        pools.add(create(directory, missing, mostArenaPages, ids));
      } catch (TierFullException e) {
        if (pools.isEmpty() && setAside.isEmpty()) {
          throw e;
        }
        LOG.warn("{} is opened without {} bytes of its budget", directory.path(), missing, e);
        break;
      }
      missing = capacityBytes - new PoolSet(pools, setAside).bytes();
    }
    return new PoolSet(pools, setAside);
  }

  private static Pool create(
      TierDirectory directory, long capacityBytes, long mostArenaPages, Set<Integer> ids)
      throws IOException {
    int id = ThreadLocalRandom.current().nextInt();
    while (!ids.add(id)) {
      id++;
    }
    PoolCreation creation =
        new PoolCreation(Math.min(capacityBytes, PoolCreation.MOST_BYTES), mostArenaPages);
    return MappedPools.create(directory.newPool(), creation, id);
  }

  /** What blobs can take in all of them together. */
  long bytes() {
    return pools.stream().mapToLong(Pool::pages).sum() * PageRange.PAGE;
  }
}
