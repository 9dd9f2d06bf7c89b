package io.github.ndocker.budget;

import io.github.ndocker.api.ChainId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Decides which images' hot ranges the fast tier holds. Immutable and thread-safe; the same
 * question has the same answer.
 *
 * <p>It looks for the images that save most seconds within the budget: the sum of <i>expected
 * starts × seconds saved</i>, where what images share takes room once. That is a knapsack problem
 * with shared parts, for which nobody knows a fast exact way. The choice is greedy by value per
 * byte, with shared bytes split among the images that need them, and then improved by exchanges
 * ({@code src-docs/budget.md} has how near that comes).
 *
 * <p>Moves are not free, and counts of starts are only estimates. So an image that is on the fast
 * tier counts more than one that is not, by the hysteresis, and one that is not has to be worth the
 * time its bytes take to be moved. Of equal images the one that is there stays.
 *
 * <p>It takes some n log n steps for n images, and a bounded number of exchanges.
 */
public final class FastTierBudget {
  /**
   * The one whose numbers are in {@code src-docs/budget.md}: 25% hysteresis, and a slow tier that
   * reads 100 MB/s.
   */
  public static final FastTierBudget STANDARD = new FastTierBudget(0.25, 1e-8);

  /** Times that the split of shared bytes is made anew, from the last choice. */
  private static final int SPLITS = 4;

  /** Decisions that are made to see whether one would last. */
  private static final int LOOKS_AHEAD = 4;

  private static final double LEAST_GAIN = 1e-9;
  private static final double MOST = 1e6;

  private final double hysteresis;
  private final double secondsPerByte;

  /**
   * Another balance between moving and staying.
   *
   * @param hysteresis by which part an image counts more when it is on the fast tier already; 0 to
   *     10<sup>6</sup>
   * @param secondsPerByte what it costs to move a byte to the fast tier; 0 to 10<sup>6</sup>
   * @throws IllegalArgumentException if one is out of its range or no number
   */
  public FastTierBudget(double hysteresis, double secondsPerByte) {
    if (!(hysteresis >= 0 && hysteresis <= MOST && secondsPerByte >= 0 && secondsPerByte <= MOST)) {
      throw new IllegalArgumentException(
          "a hysteresis of " + hysteresis + ", and " + secondsPerByte + " s for a byte");
    }
    this.hysteresis = hysteresis;
    this.secondsPerByte = secondsPerByte;
  }

  /**
   * Decides what to change.
   *
   * @param images all images whose hot ranges are known
   * @param residents those that are on the fast tier now; one that is not among the images is
   *     evicted
   * @param budgetBytes how much of the fast tier hot ranges may take
   * @return the changes; afterwards the tier holds no more than the budget
   * @throws PinnedTooLargeException if the pinned images alone need more
   * @throws IllegalArgumentException if the budget is negative, an image is there twice, a segment
   *     has two sizes, or all of them together have 2<sup>63</sup> bytes or more
   */
  public BudgetDecision decide(List<HotImage> images, Set<ChainId> residents, long budgetBytes)
      throws PinnedTooLargeException {
    if (budgetBytes < 0) {
      throw new IllegalArgumentException("a budget of " + budgetBytes + " bytes");
    }
    Selection chosen = search(images, residents, budgetBytes);
    // seen from there another choice may be better, by an exchange that was not tried from here:
    // what comes now would go again with the next decision
    for (int look = 0; look < LOOKS_AHEAD; look++) {
      Set<ChainId> held = chosen.images();
      Selection next = search(images, held, budgetBytes);
      held.removeAll(residents);
      if (next.images().containsAll(held)) {
        break;
      }
      chosen = next;
    }
    return decision(
        new Candidates(images, residents, hysteresis, secondsPerByte), residents, chosen.images());
  }

  private Selection search(List<HotImage> images, Set<ChainId> residents, long budgetBytes)
      throws PinnedTooLargeException {
    Candidates candidates = new Candidates(images, residents, hysteresis, secondsPerByte);
    Selection best = choice(candidates, budgetBytes, resident(candidates), false);
    new Exchange(candidates, best, budgetBytes).run();
    Selection other = fromScratch(candidates, budgetBytes);
    if (other.worth() > best.worth() * (1 + LEAST_GAIN)) {
      best = other;
    }
    // what has no value now costs nothing where it is, as long as nobody needs the room
    for (int image = 0; image < candidates.count(); image++) {
      if (candidates.resident[image]
          && !best.has(image)
          && best.marginalBytes(image) <= budgetBytes - best.bytes()) {
        best.toggle(image);
      }
    }
    return best;
  }

  /** As if nothing was there, but for the worth of what is. */
  private static Selection fromScratch(Candidates candidates, long budget)
      throws PinnedTooLargeException {
    IntPredicate reference = image -> true;
    Selection best = new Selection(candidates);
    double worth = -1;
    for (int split = 0; split < SPLITS; split++) {
      Selection next = choice(candidates, budget, reference, true);
      if (next.worth() > worth) {
        best = next;
        worth = next.worth();
      }
      reference = next::has;
    }
    new Exchange(candidates, best, budget).run();
    return best;
  }

  /** What is pinned, and of the reference or of all what fits, the densest first. */
  private static Selection choice(
      Candidates candidates, long budget, IntPredicate reference, boolean all)
      throws PinnedTooLargeException {
    Selection selection = new Selection(candidates);
    int pinned = 0;
    for (int image = 0; image < candidates.count(); image++) {
      if (candidates.isPinned(image)) {
        selection.toggle(image);
        pinned++;
      }
    }
    if (selection.bytes() > budget) {
      throw new PinnedTooLargeException(pinned, selection.bytes(), budget);
    }
    for (int image : Densities.shared(candidates, reference)) {
      if (!selection.has(image)
          && (reference.test(image) || all)
          && candidates.worth[image] > 0
          && selection.marginalBytes(image) <= budget - selection.bytes()) {
        selection.toggle(image);
      }
    }
    return selection;
  }

  private static IntPredicate resident(Candidates candidates) {
    return image -> candidates.resident[image];
  }

  private static BudgetDecision decision(
      Candidates candidates, Set<ChainId> residents, Set<ChainId> images) {
    Selection chosen = new Selection(candidates);
    for (int image = 0; image < candidates.count(); image++) {
      if (images.contains(candidates.images.get(image).image())) {
        chosen.toggle(image);
      }
    }
    List<ChainId> admitted = new ArrayList<>();
    Set<ChainId> evicted = new HashSet<>(residents);
    Selection before = new Selection(candidates);
    for (int image : Densities.shared(candidates, chosen::has)) {
      ChainId id = candidates.images.get(image).image();
      if (candidates.resident[image]) {
        before.toggle(image);
      }
      if (chosen.has(image) && !evicted.remove(id)) {
        admitted.add(id);
      }
    }
    long written = 0;
    long freed = 0;
    for (int segment = 0; segment < candidates.segmentBytes.length; segment++) {
      if (chosen.needs(segment) && !before.needs(segment)) {
        written += candidates.segmentBytes[segment];
      } else if (before.needs(segment) && !chosen.needs(segment)) {
        freed += candidates.segmentBytes[segment];
      }
    }
    return new BudgetDecision(
        evicted.stream().sorted(Comparator.comparing(ChainId::toString)).toList(),
        admitted,
        chosen.bytes(),
        written,
        freed);
  }
}
