package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Profile;
import io.github.ndocker.store.ImageRecord;
import java.util.List;
import java.util.Optional;

/**
 * A deployed image that may have hot packs, or has some. Immutable.
 *
 * @param image the first of its references
 * @param profile what its starts read, if that is known; of several workloads all of it
 * @param workloads of the profile
 * @param needs what its packs are to hold: by the profile, or without one what they hold
 * @param promoted whether the catalogue names packs of it
 * @param present what the packs hold of it that are there
 */
record HotCandidate(
    ImageRecord image,
    Optional<Profile> profile,
    List<String> workloads,
    HotNeeds needs,
    boolean promoted,
    HotNeeds present) {
  ChainId chainId() {
    return image.chainId();
  }

  String reference() {
    return image.reference();
  }

  /** Whether its packs are to hold something else than they do. */
  boolean isStale() {
    return promoted && profile.isPresent() && !needs.isSame(present);
  }
}
