package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.store.ImageRecord;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A deployed image that may have hot packs, or has some. Immutable.
 *
 * @param image the first of its references
 * @param workloads whose starts say what it needs; none if it is to stay as it is
 * @param minShareOfRuns if it was promoted with a choice of workloads: the share that was chosen
 * @param needs what its packs are to hold
 * @param promoted whether the catalogue names packs of it
 * @param present what the packs hold of it that are there
 */
record HotCandidate(
    ImageRecord image,
    List<String> workloads,
    OptionalDouble minShareOfRuns,
    HotNeeds needs,
    boolean promoted,
    HotNeeds present) {
  HotCandidate {
    workloads = List.copyOf(workloads);
  }

  /** One that is to have what it has, and nothing else. */
  static HotCandidate asItIs(ImageRecord image, boolean promoted, HotNeeds present) {
    return new HotCandidate(image, List.of(), OptionalDouble.empty(), present, promoted, present);
  }

  HotCandidate asItIs() {
    return asItIs(image, promoted, present);
  }

  ChainId chainId() {
    return image.chainId();
  }

  String reference() {
    return image.reference();
  }

  /** Whether its packs are to hold something else than they do. */
  boolean isStale() {
    return promoted && !workloads.isEmpty() && !needs.isSame(present);
  }

  /** How much more it needs than it has, if it shares nothing. */
  long missingBytes() {
    return Math.max(0, needs.bytes() - present.bytes());
  }

  /** Whether packs of it are to be made if it is chosen. */
  boolean isUnpacked() {
    return !promoted || isStale();
  }
}
