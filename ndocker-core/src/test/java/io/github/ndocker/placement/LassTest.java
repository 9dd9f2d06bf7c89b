package io.github.ndocker.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;
import io.github.ndocker.placement.Deployment.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every order in which the downloads of an image can end, with three slots, up to six layers. */
class LassTest {
  @Test
  void storesExactlyTheLastDownloadingLayerAndThoseAboveItOnTheFastTier() {
    int[] orders = new int[7];
    for (int layers = 1; layers <= 6; layers++) {
      int count = layers;
      Deployment.everyOrder(
          layers,
          3,
          order -> {
            orders[count]++;
            Outcome outcome = Deployment.run(new Lass(), layers(count), order);
            int last = order.get(count - 1);
            assertEquals(
                boundary(count, last), outcome.tiers(), "downloads ended in the order " + order);
          });
    }
    // three at a time: of n layers, 3 * 3 * ... * 2 * 1 orders
    assertEquals(
        List.of(1, 2, 6, 18, 54, 162),
        List.of(orders[1], orders[2], orders[3], orders[4], orders[5], orders[6]));
  }

  @Test
  void aBoundaryFixedAtTheLastDownloadingLayerDoesTheSame() {
    everyOrderOfSix(
        order -> {
          LayerPlacementPolicy fixed = new BoundaryLayer(order.get(5));
          assertEquals(
              Deployment.run(new Lass(), layers(6), order).tiers(),
              Deployment.run(fixed, layers(6), order).tiers());
        });
  }

  @Test
  void theOthersDoNotLookAtTheDownload() {
    everyOrderOfSix(
        order -> {
          assertEquals(boundary(6, 6), Deployment.run(new AllSlow(), layers(6), order).tiers());
          assertEquals(boundary(6, 0), Deployment.run(new AllFast(), layers(6), order).tiers());
          assertEquals(
              boundary(6, 2), Deployment.run(new BoundaryLayer(2), layers(6), order).tiers());
        });
  }

  private static void everyOrderOfSix(Consumer<List<Integer>> visitor) {
    Deployment.everyOrder(6, 3, visitor);
  }

  /** SLOW below the boundary, FAST from it on. */
  private static List<Tier> boundary(int layers, int boundary) {
    List<Tier> tiers = new ArrayList<>();
    for (int position = 0; position < layers; position++) {
      tiers.add(position < boundary ? Tier.SLOW : Tier.FAST);
    }
    return tiers;
  }

  private static List<Layer> layers(int count) {
    List<Layer> layers = new ArrayList<>();
    for (int position = 0; position < count; position++) {
      byte[] hash = new byte[32];
      hash[0] = (byte) position;
      layers.add(new Layer(position, Digest.sha256(hash), 1_000, new DiffId(Digest.sha256(hash))));
    }
    return layers;
  }
}
