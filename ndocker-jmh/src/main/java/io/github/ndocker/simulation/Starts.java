package io.github.ndocker.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which image is started when. The image of rank r is started with a probability in proportion to
 * r<sup>−s</sup> (Zipf).
 *
 * @param phases image numbers in the order of the starts; who has which rank changes between phases
 * @param images how many there are
 */
record Starts(List<int[]> phases, int images) {
  static Starts zipf(SplittableRandom random, int images, double exponent, int count, int phases) {
    double[] cumulated = new double[images];
    double sum = 0;
    for (int rank = 0; rank < images; rank++) {
      sum += StrictMath.pow(rank + 1, -exponent);
      cumulated[rank] = sum;
    }
    List<int[]> all = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      int[] byRank = shuffled(random, images);
      int[] starts = new int[count / phases];
      for (int i = 0; i < starts.length; i++) {
        int found = Arrays.binarySearch(cumulated, random.nextDouble() * sum);
        starts[i] = byRank[Math.min(images - 1, found < 0 ? -found - 1 : found)];
      }
      all.add(starts);
    }
    return new Starts(all, images);
  }

  private static int[] shuffled(SplittableRandom random, int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(i + 1);
      order[i] = order[place];
      order[place] = i;
    }
    return order;
  }

  /** How often each image is started in a phase. */
  double[] counts(int phase) {
    double[] counts = new double[images];
    for (int image : phases.get(phase)) {
      counts[image]++;
    }
    return counts;
  }
}
