package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.budget.BudgetDecision;
import io.github.ndocker.budget.PinnedTooLargeException;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One balance of the fast tier: evictions, admissions, and a look at what the packs really take.
 *
 * <p>If an image cannot be packed, it is decided again without it, or others would have left for
 * nothing. Packs may take more than the decision counts: they hold bytes of nobody, and some bytes
 * twice. Then wasteful packs are given up, and if that is not enough, the least valuable images.
 * For one thread.
 */
final class Balance {
  /** Decisions in one balance. Each but the last one ends with another image that fails. */
  private static final int ROUNDS = 8;

  private final HotCandidates candidates;
  private final HotChoice choice;
  private final HotPacks packs;
  private final PackHoldings holdings;
  private final Promoter promoter;
  private final LayerMoves moves;
  private final StandAside pause;
  private final PackingDoubts doubts;
  private final BalanceRoom room;
  private final BalanceChanges changes = new BalanceChanges();

  /** Images that are to be as they are: they could not be packed. */
  private final Set<ChainId> failed;

  /** Images that have packs, or should have, by the last decision. */
  private final Set<ChainId> chosen = new HashSet<>();

  private long excess;

  Balance(
      HotCandidates candidates,
      HotChoice choice,
      HotPacks packs,
      Promoter promoter,
      LayerMoves moves,
      StandAside pause,
      PackingDoubts doubts,
      long budget,
      long reserve) {
    this.candidates = candidates;
    this.choice = choice;
    this.packs = packs;
    this.holdings = packs.holdings();
    this.promoter = promoter;
    this.moves = moves;
    this.pause = pause;
    this.doubts = doubts;
    this.room = new BalanceRoom(choice, packs.holdings(), budget, reserve);
    doubts.next();
    this.failed = new HashSet<>(doubts.images());
  }

  BudgetReport run() throws IOException {
    HotCandidates.Found found = candidates.find(pause);
    found.failures().forEach(failure -> changes.failed(failure.reference(), failure.reason()));
    List<HotCandidate> doubtful =
        found.candidates().stream()
            .filter(image -> failed.contains(image.chainId()) && image.isUnpacked())
            .toList();
    List<HotCandidate> images = settled(found.candidates());
    Optional<BudgetDecision> decision = Optional.of(room.decide(images));
    room.tooLarge(images, decision.get()).forEach(changes::failed);
    for (int round = 0; decision.isPresent() && round < ROUNDS; round++) {
      note(decision.get(), images);
      evict(decision.get(), images);
      boolean complete = admit(decision.get(), images);
      decision = Optional.empty();
      if (!complete) {
        images = settled(candidates.find(pause).candidates());
        decision = decideAgain(images);
      }
    }
    retry(doubtful);
    measure();
    shrink();
    prepare();
    return changes.report(holdings.bytes(), room.budget());
  }

  /** What the packs of the chosen images took more than the budget, compact. */
  long excess() {
    return excess;
  }

  /** Without those that could not be packed, but for what they have. */
  private List<HotCandidate> settled(List<HotCandidate> images) {
    return images.stream()
        .filter(image -> image.promoted() || !failed.contains(image.chainId()))
        .map(image -> failed.contains(image.chainId()) ? image.asItIs() : image)
        .toList();
  }

  /** Somebody may have traced a pinned image meanwhile: then it stays as it is by now. */
  private Optional<BudgetDecision> decideAgain(List<HotCandidate> images) throws IOException {
    try {
      return Optional.of(room.decide(images));
    } catch (PinnedTooLargeException e) {
      return Optional.empty();
    }
  }

  private void note(BudgetDecision decision, List<HotCandidate> images) {
    images.stream().filter(HotCandidate::promoted).forEach(image -> chosen.add(image.chainId()));
    chosen.addAll(decision.admitted());
    chosen.removeAll(decision.evicted());
  }

  /** Returns whether anything has left. */
  private boolean evict(BudgetDecision decision, List<HotCandidate> images) throws IOException {
    Map<ChainId, HotCandidate> named = named(images);
    boolean some = false;
    for (ChainId chain : decision.evicted()) {
      HotCandidate image = named.get(chain);
      if (image != null) {
        pause.await();
        Optional<IOException> failure =
            attempt(image.image(), () -> promoter.evict(image.image(), moves));
        // packs that are gone are gone, also if its layers could not be moved after that
        if (failure.isEmpty()
            || (candidates.isDeployed(chain) && candidates.promotion(chain).isEmpty())) {
          changes.evicted(image.reference());
          some = true;
        }
      }
    }
    return some;
  }

  /** Returns false if an image could not be packed. */
  private boolean admit(BudgetDecision decision, List<HotCandidate> images) throws IOException {
    Map<ChainId, HotCandidate> named = named(images);
    Set<ChainId> leaving = Set.copyOf(decision.evicted());
    List<HotCandidate> stale =
        images.stream()
            .filter(image -> image.isStale() && !leaving.contains(image.chainId()))
            .toList();
    long coming =
        decision.writtenBytes() + stale.stream().mapToLong(HotCandidate::missingBytes).sum();
    packs.compactTo(Math.max(0, room.limit() - coming), pause);
    boolean complete = true;
    for (HotCandidate image : stale) {
      complete &= promote(image, changes::renewed);
    }
    for (ChainId chain : decision.admitted()) {
      HotCandidate image = named.get(chain);
      if (image != null) {
        complete &= promote(image, changes::admitted);
      }
    }
    return complete;
  }

  private boolean promote(HotCandidate image, Consumer<String> done) throws IOException {
    pause.await();
    ChainId chain = image.chainId();
    Optional<PromotionRecord> before = candidates.promotion(chain);
    Optional<IOException> failure =
        attempt(
            image.image(),
            () -> promoter.promote(image.image(), candidates.reckoning(image), moves));
    Optional<PromotionRecord> after = candidates.promotion(chain);
    // packs that are there are there, also if its layers could not be moved after that
    if (failure.isEmpty() || (after.isPresent() && !after.equals(before))) {
      doubts.packed(chain);
      failed.remove(chain);
      done.accept(image.reference());
      return true;
    }
    failed.add(chain);
    if (!isOfRemoval(failure.get()) && candidates.isDeployed(chain)) {
      doubts.failed(chain, failure.get());
    }
    return false;
  }

  /** It may be there again, and whole. */
  private static boolean isOfRemoval(IOException reason) {
    return reason instanceof NotDeployedException || reason instanceof NotTracedException;
  }

  private interface Step {
    void run() throws IOException;
  }

  private Optional<IOException> attempt(ImageRecord image, Step step) throws IOException {
    try {
      step.run();
      return Optional.empty();
    } catch (IOException e) {
      // one that was removed meanwhile has nothing there any more
      if (candidates.isDeployed(image.chainId())) {
        changes.failed(image.reference(), e);
      }
      return Optional.of(e);
    }
  }

  /** Those that failed lately get what is left. */
  private void retry(List<HotCandidate> doubtful) throws IOException {
    for (HotCandidate image : doubtful) {
      if (!image.promoted() && !choice.isWanted(image.chainId())) {
        continue;
      }
      if (room.holds(image)) {
        promote(image, image.promoted() ? changes::renewed : changes::admitted);
        chosen.add(image.chainId());
      } else {
        changes.failed(image.reference(), leftOut(image));
      }
    }
  }

  private NDockerException leftOut(HotCandidate image) {
    String message = "for now no other image leaves for it: it could not be packed lately";
    return doubts
        .reason(image.chainId())
        .map(reason -> new NDockerException(message + ": " + reason.getMessage(), reason))
        .orElseGet(() -> new NDockerException(message));
  }

  /** Whatever else was promoted meanwhile, or could not be evicted, is nothing to be foreseen. */
  private void measure() throws IOException {
    packs.compactTo(room.budget(), pause);
    if (holdings.bytes() > room.budget()) {
      long taken =
          holdings.all().stream()
              .filter(pack -> pack.users().stream().anyMatch(chosen::contains))
              .mapToLong(PackHolding::bytes)
              .sum();
      excess = Math.max(0, taken - room.budget());
    }
  }

  /** Ends, because each round frees something at least, or evicts an image. */
  private void shrink() throws IOException {
    long held = holdings.bytes();
    boolean more = true;
    while (held > room.budget() && more) {
      List<HotCandidate> residents =
          settled(candidates.find(pause).candidates()).stream()
              .filter(HotCandidate::promoted)
              .toList();
      boolean some;
      try {
        some = evict(room.decide(residents, held - room.budget()), residents);
      } catch (PinnedTooLargeException e) {
        // all that is left is pinned: the report says what it takes
        return;
      }
      packs.compactTo(room.budget(), pause);
      long now = holdings.bytes();
      more = some || now < held;
      held = now;
    }
  }

  /** Packs of one image may have moved for another one. */
  private void prepare() throws IOException {
    if (changes.isAny()) {
      for (ImageRecord image : candidates.promoted()) {
        pause.await();
        var unused = attempt(image, () -> promoter.prepare(image));
      }
    }
  }

  private static Map<ChainId, HotCandidate> named(List<HotCandidate> images) {
    Map<ChainId, HotCandidate> named = new HashMap<>();
    images.forEach(image -> named.put(image.chainId(), image));
    return named;
  }
}
