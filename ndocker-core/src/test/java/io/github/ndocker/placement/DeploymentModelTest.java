package io.github.ndocker.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.placement.DeploymentModel.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeploymentModelTest {
  private static final long SEED = 2019;
  private static final int IMAGES = 20_000;
  private static final int MAX_LAYERS = 40;
  private static final double SMALLEST = 1e3;
  private static final double ORDERS_OF_MAGNITUDE = 6;

  /** Layers of 10, 20, 30 and 40 bytes; the second from the bottom arrives last. */
  private final DeploymentModel model =
      new DeploymentModel(List.of(10L, 20L, 30L, 40L), 1, 5, 0.1, 0.001);

  @Test
  void strategy1TakesTheTimeOfStrategy3AndMoreOfTheFastTier() {
    assertEquals(Strategy.BELOW_LAST_DOWNLOADING, model.strategy(0));
    assertEquals(5 + 0.001 * 90, model.totalSeconds(0), 1e-12);
    assertEquals(100, model.fastBytes(0));
  }

  @Test
  void strategy2WritesWhatIsBetweenAtTheSlowRate() {
    assertEquals(Strategy.ABOVE_LAST_DOWNLOADING, model.strategy(3));
    assertEquals(5 + 0.1 * 50 + 0.001 * 40, model.totalSeconds(3), 1e-12);
    assertEquals(40, model.fastBytes(3));
    assertEquals(5 + 0.1 * 90, model.totalSeconds(4), 1e-12);
    assertEquals(0, model.fastBytes(4));
  }

  @Test
  void strategy3StoresTheLastDownloadingLayerAndThoseAboveItFast() {
    assertEquals(Strategy.AT_LAST_DOWNLOADING, model.strategy(1));
    assertEquals(5 + 0.001 * 90, model.totalSeconds(1), 1e-12);
    assertEquals(90, model.fastBytes(1));
  }

  @Test
  void strategy3NeedsTheFewestFastBytesOfAllBoundariesWithTheLeastTime() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int image = 0; image < IMAGES; image++) {
      List<Long> sizes = new ArrayList<>();
      int layers = 1 + random.nextInt(MAX_LAYERS);
      for (int layer = 0; layer < layers; layer++) {
        sizes.add((long) (SMALLEST * Math.pow(10, random.nextDouble() * ORDERS_OF_MAGNITUDE)));
      }
      double slow = 1e-9 * Math.pow(10, random.nextDouble() * 2);
      double fast = slow / (1.5 + random.nextDouble() * 50);
      double download = random.nextDouble() * 100;
      for (int last = 0; last < layers; last++) {
        DeploymentModel each = new DeploymentModel(sizes, last, download, slow, fast);
        assertOptimal(each, "seed " + SEED + ", image " + image + ": " + each);
      }
    }
  }

  private static void assertOptimal(DeploymentModel model, String which) {
    int last = model.lastDownloading();
    double best = model.totalSeconds(last);
    for (int boundary = 0; boundary <= model.layerBytes().size(); boundary++) {
      double seconds = model.totalSeconds(boundary);
      assertTrue(seconds >= best, which);
      if (seconds == best && boundary != last) {
        assertTrue(model.fastBytes(boundary) > model.fastBytes(last), which);
      }
    }
  }

  @Test
  void refusesWhatIsNoImage() {
    assertThrows(
        IllegalArgumentException.class, () -> new DeploymentModel(List.of(), 0, 1, 1, 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> new DeploymentModel(List.of(1L), 1, 1, 1, 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> new DeploymentModel(List.of(-1L), 0, 1, 1, 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> new DeploymentModel(List.of(1L), 0, 1, 0.1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new DeploymentModel(List.of(1L), 0, -1, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> model.totalSeconds(5));
    assertThrows(IllegalArgumentException.class, () -> model.fastBytes(-1));
  }
}
