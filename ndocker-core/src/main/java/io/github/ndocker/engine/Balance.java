package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.BudgetDecision;
import io.github.ndocker.budget.FastTierBudget;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.PinnedTooLargeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One balance of the fast tier: evictions, admissions, and a look at what the packs really take.
 * That may be more than the decision counts: packs hold bytes of nobody, and some bytes twice. Then
 * wasteful packs are given up, and if that is not enough, the least valuable images. For one
 * thread.
 */
final class Balance {
  private final HotCandidates candidates;
  private final StartLedger ledger;
  private final Set<ChainId> pinned;
  private final HotPacks packs;
  private final Promoter promoter;
  private final LayerMoves moves;
  private final StandAside pause;
  private final long budget;
  private final long reserve;
  private long excess;

  private final Set<String> evicted = new LinkedHashSet<>();
  private final Set<String> admitted = new LinkedHashSet<>();
  private final Set<String> renewed = new LinkedHashSet<>();
  private final List<BudgetFailure> failures = new ArrayList<>();

  Balance(
      HotCandidates candidates,
      StartLedger ledger,
      HotPacks packs,
      Promoter promoter,
      LayerMoves moves,
      StandAside pause,
      long budget,
      long reserve) {
    this.candidates = candidates;
    this.ledger = ledger;
    // those of now: a pin in the middle must not make impossible what has begun
    this.pinned = ledger.pins();
    this.packs = packs;
    this.promoter = promoter;
    this.moves = moves;
    this.pause = pause;
    this.budget = budget;
    this.reserve = reserve;
  }

  BudgetReport run() throws IOException {
    HotCandidates.Found found = candidates.find();
    failures.addAll(found.failures());
    Map<ChainId, HotCandidate> all = byChain(found.candidates());
    BudgetDecision decision = decide(all.values(), room(all.values()));
    evict(decision, all);
    admit(decision, all);
    shrink();
    prepare();
    // what had to go again was not admitted
    List<String> gone = evicted.stream().filter(admitted::remove).toList();
    evicted.removeAll(gone);
    return new BudgetReport(
        List.copyOf(evicted),
        List.copyOf(admitted),
        List.copyOf(renewed),
        held(),
        budget,
        failures);
  }

  private static Map<ChainId, HotCandidate> byChain(List<HotCandidate> images) {
    Map<ChainId, HotCandidate> named = new LinkedHashMap<>();
    images.forEach(image -> named.put(image.chainId(), image));
    return named;
  }

  private long held() throws IOException {
    return PackHolding.bytes(packs.holdings());
  }

  /**
   * What of the budget there is to choose for. No choice of images gets back what is held twice, so
   * that is no part of it; nor is what packs take more than can be foreseen. But what is there and
   * fits may stay.
   */
  private long room(Collection<HotCandidate> images) throws IOException {
    long used = PackHolding.usedBytes(packs.holdings());
    long twice = used - bytes(images.stream().map(HotCandidate::present));
    long most = budget - Math.max(0, twice);
    long residents = bytes(images.stream().filter(HotCandidate::promoted).map(HotCandidate::needs));
    return Math.max(0, Math.max(most - reserve, Math.min(most, residents)));
  }

  /** What any of them needs, each byte once. */
  private static long bytes(Stream<HotNeeds> needs) {
    return SharedSegments.of(needs.toList()).bytes();
  }

  /** What the packs took more than the budget when all was done as decided, compact. */
  long excess() {
    return excess;
  }

  private BudgetDecision decide(Iterable<HotCandidate> images, long room) throws IOException {
    List<HotCandidate> hot = new ArrayList<>();
    Set<ChainId> residents = new LinkedHashSet<>();
    for (HotCandidate image : images) {
      if (!image.needs().isEmpty()) {
        hot.add(image);
      }
      if (image.promoted()) {
        residents.add(image.chainId());
      }
    }
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
    try {
      return FastTierBudget.STANDARD.decide(weighed, residents, room);
    } catch (PinnedTooLargeException e) {
      // pinned images may have what was put aside for waste, but no more than the budget
      return FastTierBudget.STANDARD.decide(weighed, residents, Math.min(budget, e.neededBytes()));
    }
  }

  /** Returns whether anything has left. */
  private boolean evict(BudgetDecision decision, Map<ChainId, HotCandidate> images)
      throws IOException {
    boolean some = false;
    for (ChainId chain : decision.evicted()) {
      HotCandidate image = images.get(chain);
      if (image != null) {
        pause.await();
        if (attempt(image, () -> promoter.evict(image.image(), moves))) {
          evicted.add(image.reference());
          some = true;
        }
      }
    }
    return some;
  }

  private void admit(BudgetDecision decision, Map<ChainId, HotCandidate> images)
      throws IOException {
    Set<ChainId> leaving = Set.copyOf(decision.evicted());
    List<HotCandidate> stale =
        images.values().stream()
            .filter(image -> image.isStale() && !leaving.contains(image.chainId()))
            .toList();
    long coming =
        decision.writtenBytes()
            + stale.stream()
                .collect(
                    Collectors.summingLong(
                        image -> Math.max(0, image.needs().bytes() - image.present().bytes())));
    packs.compactTo(Math.max(0, budget - coming));
    for (HotCandidate image : stale) {
      promote(image, renewed);
    }
    for (ChainId chain : decision.admitted()) {
      HotCandidate image = images.get(chain);
      if (image != null) {
        promote(image, admitted);
      }
    }
  }

  private void promote(HotCandidate image, Set<String> done) throws IOException {
    pause.await();
    Promoter.Reckoning traced = promoter.byTraces(image.profile().orElseThrow(), image.workloads());
    if (attempt(image, () -> promoter.promote(image.image(), traced, moves))) {
      done.add(image.reference());
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private boolean attempt(HotCandidate image, Step step) throws IOException {
    try {
      step.run();
      return true;
    } catch (IOException e) {
      // one that was removed meanwhile has nothing there any more
      if (candidates.isDeployed(image.chainId())) {
        failures.add(new BudgetFailure(image.reference(), e));
      }
      return false;
    }
  }

  /** Packs of one image may have moved for another one. */
  private void prepare() throws IOException {
    if (evicted.isEmpty() && admitted.isEmpty() && renewed.isEmpty()) {
      return;
    }
    for (HotCandidate image : candidates.find().candidates()) {
      if (image.promoted()) {
        pause.await();
        attempt(image, () -> promoter.prepare(image.image()));
      }
    }
  }

  /** Ends, because each round evicts an image at least. */
  private void shrink() throws IOException {
    boolean more = held() > budget;
    while (more) {
      packs.compactTo(budget);
      long over = held() - budget;
      more = false;
      if (over > 0) {
        excess = Math.max(excess, over);
        Map<ChainId, HotCandidate> residents =
            byChain(
                candidates.find().candidates().stream().filter(HotCandidate::promoted).toList());
        long needed = bytes(residents.values().stream().map(HotCandidate::needs));
        more = evict(decide(residents.values(), Math.max(0, needed - over)), residents);
      }
    }
  }
}
