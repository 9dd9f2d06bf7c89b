package io.github.ndocker.engine;

import io.github.ndocker.api.Profile;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of a profile that was to be renewed if it is stale. Immutable.
 *
 * @param reasons why the image was promoted again, in sentences; none if it was not
 * @param misses what was missed before that: of the traced run if there was one, or else of what is
 *     mounted
 * @param run what was traced; empty if what is mounted has shown that the profile still holds
 * @param promotion what was packed and moved; empty if the packs hold what is read
 */
public record Refresh(
    List<String> reasons, HotMisses misses, Optional<Profile> run, Optional<Promotion> promotion) {
  /** Copies the list. */
  public Refresh {
    reasons = List.copyOf(reasons);
    Objects.requireNonNull(misses, "misses");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(promotion, "promotion");
  }
}
