package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.JoinedWorkloads;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the images among which the fast tier is divided: those that were traced, and those that are
 * promoted. What an image needs is looked up in its tree once for each state of its profiles. For
 * one thread at a time.
 */
final class HotCandidates {
  private final Catalogue catalogue;
  private final Promoter promoter;
  private final HotPacks packs;
  private final Map<ChainId, Known> known = new HashMap<>();

  HotCandidates(Catalogue catalogue, Promoter promoter, HotPacks packs) {
    this.catalogue = catalogue;
    this.promoter = promoter;
    this.packs = packs;
  }

  /** What an image needs by these profiles. */
  private record Known(List<Digest> documents, HotNeeds needs) {}

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
  Found find() throws IOException {
    Map<ChainId, ImageRecord> images = new HashMap<>();
    for (ImageRecord image : catalogue.images().list()) {
      images.merge(
          image.chainId(),
          image,
          (one, other) -> one.reference().compareTo(other.reference()) < 0 ? one : other);
    }
    known.keySet().retainAll(images.keySet());
    Map<ChainId, List<ProfileRecord>> profiles = new HashMap<>();
    for (ProfileRecord profile : catalogue.profiles().list()) {
      profiles.computeIfAbsent(profile.image(), image -> new ArrayList<>()).add(profile);
    }
    Map<ChainId, PromotionRecord> promotions = new HashMap<>();
    for (PromotionRecord promotion : catalogue.promotions().list()) {
      promotions.put(promotion.image(), promotion);
    }
    List<BudgetFailure> failures = new ArrayList<>();
    Map<String, HotCandidate> found = new TreeMap<>();
    for (ImageRecord image : images.values()) {
      List<ProfileRecord> ofImage = profiles.getOrDefault(image.chainId(), List.of());
      @Nullable PromotionRecord promotion = promotions.get(image.chainId());
      HotNeeds present = HotNeeds.NONE;
      try {
        present = promotion == null ? present : HotNeeds.of(packs.present(promotion).values());
        found.put(image.reference(), candidate(image, ofImage, promotion != null, present));
      } catch (IOException e) {
        // one that was removed just now is no failure
        if (isDeployed(image.chainId())) {
          failures.add(new BudgetFailure(image.reference(), e));
          // what it has counts all the same
          found.put(image.reference(), candidate(image, List.of(), promotion != null, present));
        }
      }
    }
    found.values().removeIf(image -> image.needs().isEmpty() && !image.promoted());
    return new Found(List.copyOf(found.values()), failures);
  }

  /** Whether there still is an image of these layers. */
  boolean isDeployed(ChainId image) throws IOException {
    return catalogue.images().hasChain(image);
  }

  private HotCandidate candidate(
      ImageRecord image, List<ProfileRecord> profiles, boolean promoted, HotNeeds present)
      throws IOException {
    if (profiles.isEmpty()) {
      // promoted by prediction: it is what it is until there is a trace
      return new HotCandidate(image, Optional.empty(), List.of(), present, promoted, present);
    }
    List<Profile> ofWorkloads = new ArrayList<>();
    for (ProfileRecord profile : profiles) {
      ofWorkloads.add(ProfileDocument.read(profile.json()));
    }
    Profile merged = JoinedWorkloads.join(ofWorkloads, 0);
    List<String> workloads = profiles.stream().map(ProfileRecord::workload).toList();
    HotNeeds needs = needs(image, profiles, promoter.byTraces(merged, workloads));
    return new HotCandidate(image, Optional.of(merged), workloads, needs, promoted, present);
  }

  private HotNeeds needs(
      ImageRecord image, List<ProfileRecord> profiles, Promoter.Reckoning reckoning)
      throws IOException {
    List<Digest> documents = profiles.stream().map(ProfileRecord::documentDigest).toList();
    Known before = known.get(image.chainId());
    if (before != null && before.documents().equals(documents)) {
      return before.needs();
    }
    HotNeeds needs = HotNeeds.of(List.of(promoter.layout(image, reckoning)));
    known.put(image.chainId(), new Known(documents, needs));
    return needs;
  }
}
