package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.BudgetDecision;
import io.github.ndocker.budget.PinnedTooLargeException;
import io.github.ndocker.store.ImageRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How much there is to choose for in one balance. For one thread. */
final class BalanceRoom {
  private final HotChoice choice;
  private final PackHoldings holdings;
  private final long budget;
  private final long reserve;

  /** The budget, or what the tier can hold if that is less. */
  private long limit;

  BalanceRoom(HotChoice choice, PackHoldings holdings, long budget, long reserve) {
    this.choice = choice;
    this.holdings = holdings;
    this.budget = budget;
    this.reserve = reserve;
    this.limit = budget;
  }

  long budget() {
    return budget;
  }

  /** As of the last decision. */
  long limit() {
    return limit;
  }

  /** Chooses among images. */
  BudgetDecision decide(List<HotCandidate> images) throws IOException {
    List<PackHolding> packs = holdings.all();
    limit = limit(images, HotCandidate::isUnpacked);
    BudgetDecision decision = choice.decide(images, room(images, packs));
    // layers of those that are not chosen do not leave the tier
    Set<ChainId> coming = Set.copyOf(decision.admitted());
    limit =
        limit(
            images,
            image -> image.isUnpacked() && (image.promoted() || coming.contains(image.chainId())));
    long room = room(images, packs);
    return decision.heldBytes() > room ? choice.decide(images, room) : decision;
  }

  /** Chooses those of the images that have packs that are to keep them, if so much is too much. */
  BudgetDecision decide(List<HotCandidate> residents, long over) throws PinnedTooLargeException {
    long needed = bytes(residents.stream().map(HotCandidate::needs));
    return choice.decide(residents, Math.max(0, needed - over));
  }

  private long limit(List<HotCandidate> images, Predicate<HotCandidate> coming) throws IOException {
    List<ImageRecord> records = images.stream().filter(coming).map(HotCandidate::image).toList();
    return Math.min(budget, holdings.capacity(records));
  }

  /**
   * What of the limit there is to choose for. No choice of images gets back what is held twice, so
   * that is no part of it; nor is what packs take more than can be foreseen. But what is there and
   * fits may stay.
   */
  private long room(List<HotCandidate> images, List<PackHolding> packs) {
    long used = PackHolding.usedBytes(packs);
    long twice = used - bytes(images.stream().map(HotCandidate::present));
    long most = limit - Math.max(0, twice);
    long residents = bytes(images.stream().filter(HotCandidate::promoted).map(HotCandidate::needs));
    return Math.max(0, Math.max(most - reserve, Math.min(most, residents)));
  }

  /** What any of them needs, each byte once. */
  private static long bytes(Stream<HotNeeds> needs) {
    return SharedSegments.of(needs.toList()).bytes();
  }

  /** Images that the budget has room for, and the tier has not; they are not chosen. */
  Map<String, IOException> tooLarge(List<HotCandidate> images, BudgetDecision decision) {
    Map<String, IOException> found = new LinkedHashMap<>();
    for (HotCandidate image : images) {
      long needed = image.needs().bytes();
      if (needed > limit
          && needed <= budget
          && choice.isWanted(image.chainId())
          && !image.promoted()
          && !decision.admitted().contains(image.chainId())) {
        found.put(image.reference(), holdings.full(needed, limit));
      }
    }
    return found;
  }

  /** Whether there is room for an image without any other one leaving. */
  boolean holds(HotCandidate image) throws IOException {
    return holdings.bytes() + image.missingBytes()
        <= Math.min(budget, holdings.capacity(List.of(image.image())));
  }
}
