package io.github.ndocker.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.placement.BoundaryLayer;
import io.github.ndocker.placement.Lass;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequentialSimulationTest {
  private static final SimulatedHost HOST = new SimulatedHost(10, 20, 200);

  @Test
  void aLayerIsStoredWhenItHasComeWholly() {
    SimulatedImage image = SimulatedImage.of(List.of(100L), List.of(400L));
    assertEquals(
        new SimulatedDeployment(10, 12, 400, 0, 0),
        SequentialSimulation.run(image, HOST, new Lass()));
    assertEquals(
        new SimulatedDeployment(10, 30, 0, 0, 0),
        SequentialSimulation.run(image, HOST, new AllSlow()));
  }

  @Test
  void layersBelowTheLastOneAreStoredMeanwhile() {
    // 10 bytes a second for three: the first two end after 6 s and 12 s, the last after 22 s
    SimulatedImage image = SimulatedImage.of(List.of(20L, 50L, 150L), List.of(40L, 100L, 300L));
    SimulatedDeployment lass = SequentialSimulation.run(image, HOST, new Lass());
    assertEquals(22, lass.downloadSeconds(), 1e-9);
    assertEquals(22 + 300 / 200.0, lass.totalSeconds(), 1e-9);
    assertEquals(300, lass.fastBytes());
    assertEquals(2, lass.lastDownloading());
    assertEquals(0, lass.unfinishedBytes());
    assertEquals(lass, SequentialSimulation.run(image, HOST, new BoundaryLayer(2)));
  }

  @Test
  void aSlowDiskLeavesLayersUnfinishedWhenTheDownloadEnds() {
    SimulatedImage image = SimulatedImage.of(List.of(20L, 50L, 150L), List.of(40L, 1_000L, 300L));
    SimulatedDeployment lass = SequentialSimulation.run(image, HOST, new Lass());
    // the second has come after 12 s, and needs 50 s
    assertEquals(1_000 - 10 * 20, lass.unfinishedBytes());
    assertEquals(12 + 50 + 1.5, lass.totalSeconds(), 1e-9);
    assertTrue(
        lass.totalSeconds() > PlacementTables.modelSeconds(image, HOST, lass), "as the model says");
  }

  @Test
  void agreesWithTheModelWhereTheDiskKeepsUp() {
    SplittableRandom random = new SplittableRandom(PlacementTables.SEED);
    SimulatedHost host = SimulatedHost.of(10, 500, 2_000);
    for (int i = 0; i < PlacementTables.IMAGES; i++) {
      SimulatedImage image = SimulatedImage.random(random);
      SimulatedDeployment lass = SequentialSimulation.run(image, host, new Lass());
      if (lass.unfinishedBytes() == 0) {
        assertEquals(
            PlacementTables.modelSeconds(image, host, lass),
            lass.totalSeconds(),
            1e-9 * lass.totalSeconds(),
            "seed " + PlacementTables.SEED + ", image " + i);
      }
    }
  }

  @Test
  void everythingFastTakesEverythingOfTheFastTier() {
    SimulatedImage image = SimulatedImage.of(List.of(10L, 10L), List.of(20L, 30L));
    assertEquals(50, SequentialSimulation.run(image, HOST, new AllFast()).fastBytes());
  }
}
