package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.BudgetDecision;
import io.github.ndocker.budget.FastTierBudget;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.PinnedTooLargeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Chooses images by what is known of their starts. For one balance, and one thread. */
final class HotChoice {
  private final StartLedger ledger;
  private final Set<ChainId> pinned;
  private final long budget;

  HotChoice(StartLedger ledger, long budget) {
    this.ledger = ledger;
    // those of now: a pin in the middle must not make impossible what has begun
    this.pinned = ledger.pins();
    this.budget = budget;
  }

  /** Whether it is started at all, or pinned. */
  boolean isWanted(ChainId image) {
    return pinned.contains(image) || ledger.expected(image) > 0;
  }

  /** Of some images; what else is promoted stays. */
  BudgetDecision decide(List<HotCandidate> images, long room) throws PinnedTooLargeException {
    List<HotCandidate> hot = images.stream().filter(image -> !image.needs().isEmpty()).toList();
    SharedSegments segments = SharedSegments.of(hot.stream().map(HotCandidate::needs).toList());
    List<HotImage> weighed = new ArrayList<>();
    for (int i = 0; i < hot.size(); i++) {
      HotCandidate image = hot.get(i);
      weighed.add(
          new HotImage(
              image.chainId(),
              segments.ofImage(i),
              ledger.secondsSaved(image.chainId()).orElse(image.needs().secondsSaved()),
              ledger.expected(image.chainId()),
              pinned.contains(image.chainId())));
    }
    Set<ChainId> residents = new LinkedHashSet<>();
    images.stream().filter(HotCandidate::promoted).forEach(image -> residents.add(image.chainId()));
    try {
      return FastTierBudget.STANDARD.decide(weighed, residents, room);
    } catch (PinnedTooLargeException e) {
      // pinned images may have what was put aside for waste, but no more than the budget
      return FastTierBudget.STANDARD.decide(weighed, residents, Math.min(budget, e.neededBytes()));
    }
  }
}
