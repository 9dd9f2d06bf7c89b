package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.Usage;
import io.github.ndocker.engine.BrushBack;
import io.github.ndocker.engine.Deployment;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.engine.Inspection;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Images in the blobs of the engine, on one tier or both. */
public final class EngineArm implements Arm {
  /** What is done between the deployment and the starts. */
  public enum Preparation {
    /** Layers stay where the placement policy put them. */
    NONE,
    /** Static analysis of the history: HBCSA before there is a trace. */
    STATIC_ANALYSIS,
    /** Static analysis, two traced starts, and promotion of what either of them read. */
    TRACE_AND_PROMOTE,
    /** What static analysis predicts of the files goes to the fast tier, and no start is traced. */
    PREDICTION
  }

  /** Opens an engine, always over the same directories. */
  @FunctionalInterface
  public interface Opening {
    /**
     * Opens it.
     *
     * @param writable where containers' writable layers go
     */
    NDocker open(Path writable) throws IOException;
  }

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final String name;
  private final Path fast;
  private final Path slow;
  private final Opening opening;
  private final Preparation preparation;
  private NDocker engine;

  /**
   * Opens the engine.
   *
   * @param name in the report
   * @param fast a directory on the fast device, for writable layers, and for the tier if it is a
   *     directory
   * @param slow a directory on the slow device, likewise
   * @param opening opens the engine
   * @param preparation what follows a deployment
   */
  public EngineArm(String name, Path fast, Path slow, Opening opening, Preparation preparation)
      throws IOException {
    this.name = name;
    this.fast = Files.createDirectories(fast);
    this.slow = Files.createDirectories(slow);
    this.opening = opening;
    this.preparation = preparation;
    this.engine = opening.open(writable(Tier.FAST));
  }

  @Override
  public String name() {
    return name;
  }

  /** The engine, until writable layers are placed elsewhere. */
  public NDocker engine() {
    return engine;
  }

  @Override
  public void requireEmpty() throws IOException {
    for (Tier tier : Tier.values()) {
      if (engine.usage(tier).blobs() > 0) {
        throw new NDockerException(name + " still has blobs: " + engine.usage(tier));
      }
    }
  }

  @Override
  public Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException {
    Deployment deployment = engine.deploy(image, listener);
    return new Deployed(
        engine.inspect(image).layers().size(),
        deployment.download(),
        deployment.total(),
        deployment.fastBytes());
  }

  @Override
  public void prepare(ImageReference image, Workload workload, ContainerSpec spec)
      throws IOException {
    if (preparation == Preparation.NONE) {
      return;
    }
    if (preparation == Preparation.PREDICTION) {
      engine.promotePredicted(image, spec, BrushBack.NOW);
      return;
    }
    engine.settle(image);
    if (preparation == Preparation.TRACE_AND_PROMOTE) {
      TraceOptions once = TraceOptions.until(TraceEnd.ready(workload.readiness()).within(TIMEOUT));
      trace(image, workload, spec, once.withReplacing());
      // finds most of what the first one happened not to read
      trace(image, workload, spec, once);
      engine.promote(image, workload.image());
    }
  }

  private void trace(
      ImageReference image, Workload workload, ContainerSpec spec, TraceOptions options)
      throws IOException {
    Profile traced = engine.trace(image, workload.image(), spec, options);
    if (!traced.complete()) {
      throw new NDockerException("the trace of " + image + " has gaps: " + traced.gaps());
    }
  }

  @Override
  public void placeWritableLayers(Tier tier) throws IOException {
    engine.close();
    engine = opening.open(writable(tier));
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
    Usage tier = engine.usage(Tier.FAST);
    // without a fast medium the state is on the slow one too
    return tier.capacityBytes() == 0 ? 0 : tier.usedBytes() + engine.inspect(image).metadataBytes();
  }

  /**
   * Bytes of several images on the fast device: what they share counts once, and the metadata of
   * each.
   */
  public long fastBytes(List<ImageReference> images) throws IOException {
    long bytes = engine.usage(Tier.FAST).usedBytes();
    Set<ChainId> counted = new HashSet<>();
    for (ImageReference image : images) {
      Inspection inspection = engine.inspect(image);
      if (counted.add(inspection.chainId())) {
        bytes += inspection.metadataBytes();
      }
    }
    return bytes;
  }

  /** Whether it chooses what of an image is on the fast device. */
  public boolean choosesHotFiles() throws IOException {
    return preparation != Preparation.NONE && engine.usage(Tier.FAST).capacityBytes() > 0;
  }

  @Override
  public List<Path> blobFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path directory : List.of(fast, slow)) {
      try (Stream<Path> all = Files.walk(directory)) {
        all.filter(
                file -> file.toString().contains("/blobs/") || file.toString().endsWith(".erofs"))
            .filter(Files::isRegularFile)
            .forEach(files::add);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return files;
  }

  @Override
  public void remove(ImageReference image) throws IOException {
    engine.remove(image);
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }

  private Path writable(Tier tier) {
    return (tier == Tier.FAST ? fast : slow).resolve("writable");
  }
}
