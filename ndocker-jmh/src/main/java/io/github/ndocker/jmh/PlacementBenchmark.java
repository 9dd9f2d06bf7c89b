package io.github.ndocker.jmh;

import io.github.ndocker.api.DeploymentPace;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.placement.Pipelined;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One placement decision in an image of 128 layers, about the most that any engine accepts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PlacementBenchmark {
  private static final int LAYERS = 128;

  private static final DeploymentPace PACE = new DeploymentPace(1_000_000_000, 1e8, 1 << 20, 1e8);

  /** The policy by its simple name. */
  @Param({"Lass", "Pipelined"})
  public String policyName = "";

  private LayerPlacementPolicy policy = new Lass();
  private List<LayerProgress> layers = List.of();

  /** The state fields of a benchmark. */
  public PlacementBenchmark() {}

  /** All layers have arrived but the topmost: the policy has to look at every one. */
  @Setup
  public void describeDeployment() {
    List<LayerProgress> described = new ArrayList<>();
    Digest digest = Digest.sha256(new byte[32]);
    for (int position = 0; position < LAYERS; position++) {
      Layer layer = new Layer(position, digest, 1 << 20, new DiffId(digest));
      described.add(
          position < LAYERS - 1
              ? new LayerProgress(layer, LayerState.STORED, layer.compressedBytes())
              : new LayerProgress(layer, LayerState.DOWNLOADING, 0));
    }
    layers = List.copyOf(described);
    policy = policyName.equals("Pipelined") ? new Pipelined() : new Lass();
  }

  /**
   * A snapshot, as the engine makes one for each layer, and the decision.
   *
   * @return the tier
   */
  @Benchmark
  public Tier place() {
    return policy.place(0, new DeploymentProgress(layers, PACE));
  }
}
