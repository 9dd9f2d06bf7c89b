package io.github.ndocker.examples.demo;

import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.Deployment;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.time.Duration;

/** An image in the blobs of the engine, on one tier or both. */
final class EngineArm implements Arm {
  /** What is done between the deployment and the starts. */
  enum Preparation {
    /** Layers stay where the placement policy put them. */
    NONE,
    /** Static analysis of the history: HBCSA before there is a trace. */
    STATIC_ANALYSIS,
    /** Static analysis, one traced start, and promotion of what it read. */
    TRACE_AND_PROMOTE
  }

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final String name;
  private final NDocker engine;
  private final Preparation preparation;

  EngineArm(String name, NDocker engine, Preparation preparation) {
    this.name = name;
    this.engine = engine;
    this.preparation = preparation;
  }

  @Override
  public String name() {
    return name;
  }

  NDocker engine() {
    return engine;
  }

  @Override
  public Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException {
    Deployment deployment = engine.deploy(image, listener);
    return new Deployed(
        engine.inspect(image).layers().size(), deployment.download(), deployment.total());
  }

  @Override
  public void prepare(ImageReference image, Workload workload, ContainerSpec spec)
      throws IOException {
    if (preparation == Preparation.NONE) {
      return;
    }
    engine.settle(image);
    if (preparation == Preparation.TRACE_AND_PROMOTE) {
      engine.trace(image, workload.image(), spec, workload.readiness(), TIMEOUT);
      engine.promote(image, workload.image());
    }
  }

  @Override
  public Started start(ImageReference image, ContainerSpec spec) throws IOException {
    RunningContainer running = engine.start(image, spec);
    return new Started() {
      @Override
      public Container container() {
        return running.container();
      }

      @Override
      public void close() throws IOException {
        running.close();
      }
    };
  }

  /** The whole space the tier has given away, not only the blobs' lengths. */
  @Override
  public long fastBytes(ImageReference image) throws IOException {
    return engine.usage(Tier.FAST).usedBytes() + engine.inspect(image).metadataBytes();
  }

  @Override
  public void remove(ImageReference image) throws IOException {
    engine.remove(image);
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
