package io.github.ndocker.simulation;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An image that is only sizes.
 *
 * @param layers its layers, from the bottom up
 * @param inflatedBytes what each of them inflates to
 */
record SimulatedImage(List<Layer> layers, List<Long> inflatedBytes) {
  private static final int MAX_LAYERS = 40;
  private static final double SMALLEST = 1e3;
  private static final double ORDERS_OF_MAGNITUDE = 5;
  private static final double MOST_INFLATION = 10;

  SimulatedImage {
    layers = List.copyOf(layers);
    inflatedBytes = List.copyOf(inflatedBytes);
  }

  static SimulatedImage of(List<Long> compressed, List<Long> inflated) {
    Digest digest = Digest.sha256(new byte[32]);
    List<Layer> layers = new ArrayList<>();
    for (int position = 0; position < compressed.size(); position++) {
      layers.add(new Layer(position, digest, compressed.get(position), new DiffId(digest)));
    }
    return new SimulatedImage(layers, inflated);
  }

  /** Up to 40 layers of 1 kB to 100 MB that inflate to up to ten times that. */
  static SimulatedImage random(SplittableRandom random) {
    List<Long> compressed = new ArrayList<>();
    List<Long> inflated = new ArrayList<>();
    for (int left = 1 + random.nextInt(MAX_LAYERS); left > 0; left--) {
      double bytes = SMALLEST * StrictMath.pow(10, random.nextDouble() * ORDERS_OF_MAGNITUDE);
      compressed.add((long) bytes);
      inflated.add((long) (bytes * StrictMath.pow(MOST_INFLATION, random.nextDouble())));
    }
    return of(compressed, inflated);
  }

  /** Of all layers, inflated. */
  long bytes() {
    return inflatedBytes.stream().mapToLong(Long::longValue).sum();
  }
}
