package io.github.ndocker.engine;

import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.PromotionDocument;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Renews profiles that do not say any more what is read. What is mounted can show that one still
 * holds; that it does not, only a traced start can, for containers that run read more than what
 * their starts need.
 */
final class Refreshing {
  private final Catalogue catalogue;
  private final Profiles profiles;
  private final MissCount misses;

  Refreshing(Catalogue catalogue, Profiles profiles, MissCount misses) {
    this.catalogue = catalogue;
    this.profiles = profiles;
    this.misses = misses;
  }

  /** Traces one run, and keeps no profile. */
  @FunctionalInterface
  interface Tracing {
    Profile trace() throws IOException;
  }

  /** Promotes the image for some workloads. */
  @FunctionalInterface
  interface Promoting {
    Promotion promote(List<String> workloads) throws IOException;
  }

  Refresh refresh(
      ImageRecord image,
      String workload,
      RefreshOptions options,
      Tracing tracing,
      Promoting promoting)
      throws IOException {
    List<String> workloads = workloads(image, workload);
    List<String> reasons = new ArrayList<>(reasons(image, workload));
    if (options.always()) {
      reasons.add("it was asked for");
    }
    if (reasons.isEmpty()) {
      Optional<HotMisses> seen = misses.ofMounts(image);
      if (seen.isPresent() && !seen.get().isStale(options.staleShare())) {
        return new Refresh(List.of(), seen.get(), Optional.empty(), Optional.empty());
      }
    }
    Profile run = tracing.trace();
    HotMisses missed = misses.of(image, run);
    boolean stale = missed.packedBytes() > 0 && missed.isStale(options.staleShare());
    if (missed.packedBytes() == 0) {
      reasons.add("nothing of it is packed");
    } else if (stale) {
      reasons.add(
          "a start misses "
              + missed.missedBytes()
              + " bytes, with "
              + missed.packedBytes()
              + " packed");
    }
    boolean outdated =
        stale || options.trace().replacing() || !isComplete(profiles.find(image, workload));
    // what an incomplete run lacks an earlier one may have
    profiles.keep(run, outdated && run.complete());
    return new Refresh(
        reasons,
        missed,
        Optional.of(run),
        reasons.isEmpty() ? Optional.empty() : Optional.of(promoting.promote(workloads)));
  }

  private static boolean isComplete(Optional<Profile> profile) {
    return profile.map(Profile::complete).orElse(true);
  }

  /** What can be said of it without a look at what is read. */
  private List<String> reasons(ImageRecord image, String workload) throws IOException {
    Optional<Profile> profile = profiles.find(image, workload);
    if (profile.isEmpty()) {
      return List.of("there is no profile of workload '" + workload + "'");
    }
    if (!profile.get().complete()) {
      return List.of("its profile is incomplete: " + String.join("; ", profile.get().gaps()));
    }
    return promoted(image).contains(workload)
        ? List.of()
        : List.of("it is not promoted for workload '" + workload + "'");
  }

  /** As it is promoted now, and for this one. Those that have lost their profile are left out. */
  private List<String> workloads(ImageRecord image, String workload) throws IOException {
    List<String> workloads = new ArrayList<>();
    for (String one : promoted(image)) {
      if (one.equals(workload) || profiles.find(image, one).isPresent()) {
        workloads.add(one);
      }
    }
    if (!workloads.contains(workload)) {
      workloads.add(workload);
    }
    return workloads;
  }

  private List<String> promoted(ImageRecord image) throws IOException {
    Optional<PromotionRecord> promotion = catalogue.promotions().find(image.chainId());
    return promotion.isEmpty()
        ? List.of()
        : PromotionDocument.read(promotion.get().layoutJson()).workloads();
  }
}
