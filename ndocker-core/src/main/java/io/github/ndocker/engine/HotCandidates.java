package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.JoinedWorkloads;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.hotfile.PromotionDocument;
import io.github.ndocker.hotfile.PromotionLayout;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.ProfileVersion;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the images among which the fast tier is divided: those that were traced, and those that are
 * promoted. Profiles may be large, so they are read, and what an image needs is looked up in its
 * tree, once for each state of its profiles, and kept is only what that comes to. For one thread at
 * a time.
 */
final class HotCandidates {
  private final Catalogue catalogue;
  private final Promoter promoter;
  private final PackHoldings holdings;
  private final Map<ChainId, Known> known = new HashMap<>();

  HotCandidates(Catalogue catalogue, Promoter promoter, PackHoldings holdings) {
    this.catalogue = catalogue;
    this.promoter = promoter;
    this.holdings = holdings;
  }

  /** Which starts say what an image needs. */
  private record Selection(List<ProfileVersion> profiles, OptionalDouble minShareOfRuns) {
    /** All, unless somebody has chosen for a promotion. */
    static Selection of(List<ProfileVersion> all, Optional<PromotionLayout> promoted) {
      if (promoted.isPresent() && promoted.get().minShareOfRuns().isPresent()) {
        List<ProfileVersion> chosen = new ArrayList<>();
        for (String workload : promoted.get().workloads()) {
          all.stream().filter(profile -> profile.workload().equals(workload)).forEach(chosen::add);
        }
        if (!chosen.isEmpty()) {
          return new Selection(chosen, promoted.get().minShareOfRuns());
        }
      }
      return new Selection(all, OptionalDouble.empty());
    }

    List<String> workloads() {
      return profiles.stream().map(ProfileVersion::workload).toList();
    }
  }

  /** What an image needs by these profiles. */
  private record Known(Selection selection, HotNeeds needs) {}

  /**
   * In the order of their references.
   *
   * @param candidates those with hot ranges, and those that are promoted
   * @param failures images that cannot be looked at
   */
  record Found(List<HotCandidate> candidates, List<BudgetFailure> failures) {
    Found {
      candidates = List.copyOf(candidates);
      failures = List.copyOf(failures);
    }
  }

  /** All that there are now. */
  Found find(StandAside pause) throws IOException {
    Map<ChainId, ImageRecord> images = images();
    known.keySet().retainAll(images.keySet());
    Map<ChainId, List<ProfileVersion>> profiles = new HashMap<>();
    for (ProfileVersion profile : catalogue.profiles().versions()) {
      profiles.computeIfAbsent(profile.image(), image -> new ArrayList<>()).add(profile);
    }
    Map<ChainId, PromotionRecord> promotions = new HashMap<>();
    for (PromotionRecord promotion : catalogue.promotions().list()) {
      promotions.put(promotion.image(), promotion);
    }
    List<BudgetFailure> failures = new ArrayList<>();
    Map<String, HotCandidate> found = new TreeMap<>();
    for (ImageRecord image : images.values()) {
      List<ProfileVersion> traced = profiles.getOrDefault(image.chainId(), List.of());
      Optional<PromotionRecord> promotion = Optional.ofNullable(promotions.get(image.chainId()));
      if (!traced.isEmpty() || promotion.isPresent()) {
        pause.await();
        HotCandidate candidate = candidate(image, traced, promotion, failures);
        if (candidate.promoted() || !candidate.needs().isEmpty()) {
          found.put(image.reference(), candidate);
        }
      }
    }
    return new Found(List.copyOf(found.values()), failures);
  }

  /** One for each chain: the first of its references. */
  private Map<ChainId, ImageRecord> images() throws IOException {
    Map<ChainId, ImageRecord> images = new HashMap<>();
    for (ImageRecord image : catalogue.images().list()) {
      images.merge(
          image.chainId(),
          image,
          (one, other) -> one.reference().compareTo(other.reference()) < 0 ? one : other);
    }
    return images;
  }

  /** Whether there still is an image of these layers. */
  boolean isDeployed(ChainId image) throws IOException {
    return catalogue.images().hasChain(image);
  }

  Optional<PromotionRecord> promotion(ChainId image) throws IOException {
    return catalogue.promotions().find(image);
  }

  /** The images that have packs. */
  List<ImageRecord> promoted() throws IOException {
    Set<ChainId> promoted = new HashSet<>();
    catalogue.promotions().list().forEach(promotion -> promoted.add(promotion.image()));
    return images().values().stream().filter(image -> promoted.contains(image.chainId())).toList();
  }

  private HotCandidate candidate(
      ImageRecord image,
      List<ProfileVersion> profiles,
      Optional<PromotionRecord> promotion,
      List<BudgetFailure> failures)
      throws IOException {
    Optional<PromotionLayout> layout = Optional.empty();
    HotNeeds present = HotNeeds.NONE;
    if (promotion.isPresent()) {
      try {
        layout = Optional.of(PromotionDocument.read(promotion.get().layoutJson()));
        present = HotNeeds.of(holdings.present(promotion.get(), layout.get()).values());
      } catch (IOException e) {
        // its packs are of no use to it: it is promoted again, or evicted
        report(image, e, failures);
      }
    }
    if (!profiles.isEmpty()) {
      try {
        Selection selection = Selection.of(profiles, layout);
        return new HotCandidate(
            image,
            selection.workloads(),
            selection.minShareOfRuns(),
            needs(image, selection),
            promotion.isPresent(),
            present);
      } catch (IOException e) {
        report(image, e, failures);
      }
    }
    // promoted by prediction: it is what it is until there is a trace
    return HotCandidate.asItIs(image, promotion.isPresent(), present);
  }

  /** One that was removed just now is no failure. */
  private void report(ImageRecord image, IOException reason, List<BudgetFailure> failures)
      throws IOException {
    if (isDeployed(image.chainId())) {
      failures.add(new BudgetFailure(image.reference(), reason));
    }
  }

  private HotNeeds needs(ImageRecord image, Selection selection) throws IOException {
    Known before = known.get(image.chainId());
    if (before != null && before.selection().equals(selection)) {
      return before.needs();
    }
    Promoter.Reckoning reckoning =
        reckoning(image, selection.workloads(), selection.minShareOfRuns());
    HotNeeds needs = HotNeeds.of(List.of(promoter.layout(image, reckoning)));
    known.put(image.chainId(), new Known(selection, needs));
    return needs;
  }

  /** How it is promoted, with all that is known now of its starts. */
  Promoter.Reckoning reckoning(HotCandidate candidate) throws IOException {
    return reckoning(candidate.image(), candidate.workloads(), candidate.minShareOfRuns());
  }

  private Promoter.Reckoning reckoning(
      ImageRecord image, List<String> workloads, OptionalDouble minShareOfRuns) throws IOException {
    List<Profile> profiles = new ArrayList<>();
    for (String workload : workloads) {
      Optional<ProfileRecord> profile = catalogue.profiles().find(image.chainId(), workload);
      if (profile.isEmpty()) {
        throw new NotTracedException(ImageReference.parse(image.reference()), workload);
      }
      profiles.add(ProfileDocument.read(profile.get().json()));
    }
    return promoter.byTraces(
        JoinedWorkloads.join(profiles, minShareOfRuns.orElse(0)), workloads, minShareOfRuns);
  }
}
