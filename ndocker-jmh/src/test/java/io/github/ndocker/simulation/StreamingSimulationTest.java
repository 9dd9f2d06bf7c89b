package io.github.ndocker.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.simulation.PlacementTables.Comparison;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamingSimulationTest {
  private static final int HOSTS_AND_IMAGES = 2_000;

  @Test
  void aDiskThatKeepsUpEndsWithTheLastPiece() {
    SimulatedImage image = SimulatedImage.of(List.of(100L), List.of(400L));
    SimulatedDeployment slow =
        StreamingSimulation.run(image, new SimulatedHost(10, 100, 1_000), new AllSlow(), 50);
    assertEquals(10, slow.downloadSeconds(), 1e-9);
    assertEquals(10 + 50 / 100.0, slow.totalSeconds(), 1e-9);
    assertEquals(0, slow.fastBytes());
  }

  @Test
  void aDiskThatDoesNotIsWaitedFor() {
    SimulatedImage image = SimulatedImage.of(List.of(100L), List.of(400L));
    SimulatedHost host = new SimulatedHost(10, 20, 1_000);
    SimulatedDeployment slow = StreamingSimulation.run(image, host, new AllSlow(), 40);
    // it has its first piece after 1 s, and is never idle from then on
    assertEquals(1 + 400 / 20.0, slow.totalSeconds(), 1e-9);
    assertEquals(400, StreamingSimulation.run(image, host, new AllFast(), 40).fastBytes());
  }

  @Test
  void nobodyGetsMoreOntoTheDiskThanItWrites() {
    SimulatedImage image = SimulatedImage.of(List.of(100L), List.of(400L));
    SimulatedHost host = new SimulatedHost(10, 20, 1_000);
    // 11 s, of which it has nothing to write in the first
    assertEquals(400 - 10 * 20, StreamingSimulation.leastFastBytes(image, host, 40, 11));
    assertEquals(0, StreamingSimulation.leastFastBytes(image, host, 40, 21));
  }

  /** The bound of placement.md, over images, networks and disks. */
  @Test
  void pipelinedIsWithinItsBoundOfWhoeverKnowsTheFuture() {
    SplittableRandom random = new SplittableRandom(PlacementTables.SEED);
    for (int i = 0; i < HOSTS_AND_IMAGES; i++) {
      SimulatedHost host =
          SimulatedHost.of(
              10 * StrictMath.pow(1_000, random.nextDouble()),
              30 * StrictMath.pow(500 / 30.0, random.nextDouble()),
              2_000);
      SimulatedImage image = SimulatedImage.random(random);
      Comparison compared = Comparison.of(image, host);
      String which = "seed " + PlacementTables.SEED + ", image " + i + ", " + host + compared;
      double piece = PlacementTables.PIECE_BYTES / host.slow();
      double slack =
          Math.max(
              PlacementTables.SLACK * compared.allFast().totalSeconds(),
              PlacementTables.LEAST_SLACK.toNanos() / 1e9);
      assertTrue(
          compared.pipelined().totalSeconds()
              <= compared.allFast().totalSeconds() + slack + 2 * piece,
          which);
      // with the time that it took: a piece may end after the deadline
      long least =
          StreamingSimulation.leastFastBytes(
              image, host, PlacementTables.PIECE_BYTES, compared.pipelined().totalSeconds());
      assertTrue(compared.pipelined().fastBytes() >= least - 2, which);
    }
  }
}
