package io.github.ndocker.budget;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a selection better by exchanging images near the border of what fits: greedy choice by
 * density leaves a gap there, and misjudges images that share much. Ends, because each exchange
 * adds worth, and in bounded time, because few images and few rounds are tried.
 */
final class Exchange {
  /** Images on each side of the border: with sizes that differ tenfold, far more than matter. */
  private static final int WINDOW = 48;

  private static final int MOST_ROUNDS = 8;

  /** Less than this part of the whole is rounding. */
  private static final double LEAST_GAIN = 1e-9;

  private final Candidates candidates;
  private final Selection selection;
  private final long budget;

  Exchange(Candidates candidates, Selection selection, long budget) {
    this.candidates = candidates;
    this.selection = selection;
    this.budget = budget;
  }

  void run() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      fill(Densities.entering(candidates, selection));
      if (!anyExchange()) {
        return;
      }
    }
  }

  private boolean anyExchange() {
    List<Integer> out = window(Densities.entering(candidates, selection));
    List<Integer> in = window(Densities.leaving(candidates, selection));
    double least = selection.worth() * LEAST_GAIN;
    boolean any = false;
    for (int image : out) {
      any |=
          !selection.has(image) && (oneForOne(image, in, least) || makeRoom(image, in, out, least));
    }
    for (int image : in) {
      any |= selection.has(image) && replace(image, out, least);
    }
    return any;
  }

  private static List<Integer> window(List<Integer> images) {
    return images.subList(0, Math.min(WINDOW, images.size()));
  }

  /** Takes what fits. */
  private void fill(List<Integer> images) {
    for (int image : images) {
      if (!selection.has(image) && selection.marginalBytes(image) <= budget - selection.bytes()) {
        selection.toggle(image);
      }
    }
  }

  /** Takes an image in the place of the least valuable one that leaves it enough room. */
  private boolean oneForOne(int image, List<Integer> in, double least) {
    int best = -1;
    for (int other : in) {
      if (selection.has(other)
          && candidates.worth[image] - candidates.worth[other] > least
          && (best < 0 || candidates.worth[other] < candidates.worth[best])
          && fitsWithout(other, image)) {
        best = other;
      }
    }
    if (best < 0) {
      return false;
    }
    selection.toggle(best);
    selection.toggle(image);
    return true;
  }

  private boolean fitsWithout(int other, int image) {
    selection.toggle(other);
    boolean fits = selection.marginalBytes(image) <= budget - selection.bytes();
    selection.toggle(other);
    return fits;
  }

  /** Takes an image in the place of as many as necessary. */
  private boolean makeRoom(int image, List<Integer> in, List<Integer> out, double least) {
    selection.mark();
    selection.toggle(image);
    List<Integer> gone = new ArrayList<>();
    for (int other : in) {
      if (selection.bytes() <= budget) {
        break;
      }
      if (selection.has(other)) {
        selection.toggle(other);
        gone.add(0, other);
      }
    }
    if (selection.bytes() > budget) {
      selection.undo();
      return false;
    }
    fill(gone);
    fill(out);
    return kept(least);
  }

  /** Takes an image out and whatever fits in. */
  private boolean replace(int image, List<Integer> out, double least) {
    selection.mark();
    selection.toggle(image);
    fill(out);
    return kept(least);
  }

  private boolean kept(double least) {
    if (selection.gain() > least) {
      return true;
    }
    selection.undo();
    return false;
  }
}
