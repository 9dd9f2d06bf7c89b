package io.github.ndocker.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DeploymentPace;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PipelinedTest {
  private static final long SEED = 20192;
  private static final int PIECES = 12;
  private static final int DEPLOYMENTS = 500;
  private static final long COMPRESSED = 100_000_000;

  /** 2% of 10 s are 0.2 s. */
  private static final Pipelined POLICY =
      new Pipelined(0.02, Duration.ofMillis(50), 30_000_000, 20_000_000);

  @Test
  void theSlowTierGetsWhatItWritesInTheTimeThatIsLeft() {
    // a second and the slack of 0.2 s are left, in which it writes 12 MB
    DeploymentProgress progress = progress(90_000_000, 9, 12_000_000, 10_000_000);
    assertEquals(Tier.SLOW, POLICY.place(0, progress));
    assertEquals(Tier.FAST, POLICY.place(0, progress(90_000_000, 9, 12_000_001, 10_000_000)));
    assertTrue(POLICY.explain(0, progress).contains("SLOW"), POLICY.explain(0, progress));
    assertTrue(POLICY.explain(0, progress).contains("1.20 s"), POLICY.explain(0, progress));
  }

  @Test
  void noMoreWaitsThanMemoryHolds() {
    assertEquals(Tier.SLOW, POLICY.place(0, progress(10_000_000, 1, 30_000_000, 1e9)));
    assertEquals(Tier.FAST, POLICY.place(0, progress(10_000_000, 1, 30_000_001, 1e9)));
  }

  @Test
  void onlyMemoryCountsWhileTheNetworksRateIsUnknown() {
    DeploymentProgress unknown = progress(0, 0, 30_000_000, 1e6);
    assertEquals(Tier.SLOW, POLICY.place(0, unknown));
    assertTrue(POLICY.explain(0, unknown).contains("30.0 MB may wait"), POLICY.toString());
    assertEquals(Tier.FAST, POLICY.place(0, progress(0, 0, 30_000_001, 1e6)));
  }

  @Test
  void aSlowTierThatHasNotShownItsRateIsTakenForADisk() {
    // a second and the slack of 0.2 s are left, in which it is taken to write 24 MB
    DeploymentProgress unknown = progress(90_000_000, 9, 24_000_000, 0);
    assertEquals(Tier.SLOW, POLICY.place(0, unknown));
    assertEquals(Tier.FAST, POLICY.place(0, progress(90_000_000, 9, 24_000_001, 0)));
    assertTrue(POLICY.explain(0, unknown).contains("assumed rate of 20.0 MB/s"), POLICY.toString());
  }

  @Test
  void aShortDeploymentHasTheLeastSlack() {
    // all has come after a second: 50 ms are left, not 2% of it
    assertEquals(Tier.SLOW, POLICY.place(0, progress(COMPRESSED, 1, 500_000, 10_000_000)));
    assertEquals(Tier.FAST, POLICY.place(0, progress(COMPRESSED, 1, 500_001, 10_000_000)));
  }

  /**
   * Every subset of twelve pieces that could go to the slow tier, with the same memory and the same
   * deadline: none is larger than what the policy chose, which knows nothing of what is to come.
   */
  @Test
  void nobodyWhoKnowsTheFutureGetsMoreOntoTheSlowTier() {
    SplittableRandom random = new SplittableRandom(SEED);
    int constrained = 0;
    for (int i = 0; i < DEPLOYMENTS; i++) {
      double[] arrivals = new double[PIECES];
      double now = 0;
      for (int piece = 0; piece < PIECES; piece++) {
        // compression differs: pieces of one size take different times to arrive
        now += 0.05 + random.nextDouble();
        arrivals[piece] = now;
      }
      double writes = 0.2 + 2 * random.nextDouble();
      int memory = 1 + random.nextInt(3);
      int chosen = Integer.bitCount(choice(arrivals, writes, memory));
      int best = 0;
      for (int subset = 0; subset < 1 << PIECES; subset++) {
        if (Integer.bitCount(subset) > best && keeps(subset, arrivals, writes, memory)) {
          best = Integer.bitCount(subset);
        }
      }
      assertEquals(best, chosen, "seed " + SEED + ", deployment " + i);
      constrained += chosen < PIECES ? 1 : 0;
    }
    assertTrue(constrained > DEPLOYMENTS / 2, "only " + constrained + " leave no choice");
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Pipelined(-0.1, Duration.ZERO, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new Pipelined(Double.NaN, Duration.ZERO, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new Pipelined(0.1, Duration.ofMillis(-1), 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Pipelined(0.1, Duration.ZERO, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Pipelined(0.1, Duration.ZERO, 1, 0));
  }

  /**
   * The policy's subset of the pieces. Time is in pieces of the download, of which there are 1e6
   * bytes each.
   */
  private static int choice(double[] arrivals, double writes, int memory) {
    LayerPlacementPolicy policy = new Pipelined(0, Duration.ZERO, memory * 1_000_000L, 1);
    long compressed = Math.round(arrivals[PIECES - 1] * 1e9);
    Layer layer = layer(compressed);
    int subset = 0;
    double free = 0;
    for (int piece = 0; piece < PIECES; piece++) {
      double now = arrivals[piece];
      long come = Math.min(compressed, Math.round(now * 1e9));
      double waiting = Math.max(0, free - now) * 1e6 / writes;
      DeploymentProgress progress =
          new DeploymentProgress(
              List.of(
                  new LayerProgress(layer, LayerState.DOWNLOADING, come, piece * 1_000_000L, 0, 0)),
              new DeploymentPace((long) (now * 1e9), 1e9, (long) waiting, 1e6 / writes));
      if (policy.place(0, progress) == Tier.SLOW) {
        subset |= 1 << piece;
        free = Math.max(free, now) + writes;
      }
    }
    return subset;
  }

  /** Whether a subset needs no more memory, and is written no later than a piece after the end. */
  private static boolean keeps(int subset, double[] arrivals, double writes, int memory) {
    double free = 0;
    double end = arrivals[PIECES - 1];
    for (int piece = 0; piece < PIECES; piece++) {
      double now = arrivals[piece];
      if ((subset & 1 << piece) != 0) {
        double waiting = Math.max(0, free - now);
        if (waiting > memory * writes || waiting > end - now) {
          return false;
        }
        free = Math.max(free, now) + writes;
      }
    }
    return true;
  }

  private static DeploymentProgress progress(
      long downloaded, double seconds, long backlog, double slowRate) {
    double rate = seconds == 0 ? 0 : downloaded / seconds;
    return new DeploymentProgress(
        List.of(new LayerProgress(layer(COMPRESSED), LayerState.DOWNLOADING, downloaded)),
        new DeploymentPace((long) (seconds * 1e9), rate, backlog, slowRate));
  }

  private static Layer layer(long compressed) {
    Digest digest = Digest.sha256(new byte[32]);
    return new Layer(0, digest, compressed, new DiffId(digest));
  }
}
