package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.Credentials;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A deployment that is cancelled ends, whatever it is at, and leaves the host as it was. */
@Timeout(60)
class CancellationTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;
  private final Cancellation cancellation = new Cancellation();
  private TinyImage stored;
  private TinyImage image;

  @BeforeEach
  void makeImagesThatShareALayer() throws IOException {
    SharingImages images = SharingImages.withTopFilesOf(400_000);
    stored = images.stored();
    image = images.image();
  }

  private Host host(Pipeline pipeline) {
    return Host.in(directory).withPipeline(pipeline);
  }

  /** Waits for a registry longer than a test may take: nothing but the cancellation ends that. */
  private static NDockerBuilder patient(Host host) throws IOException {
    return host.builder()
        .registry(
            new RegistryClient(
                RegistryOptions.defaults()
                    .withTries(1, Duration.ofMillis(1))
                    .withStallTimeout(Duration.ofHours(1)),
                Credentials.anonymous()));
  }

  /** With an image there that shares a layer; deploys again without the cancellation. */
  private void endsAndLeavesNothing(
      Host host, NDocker engine, HostileRegistry registry, DeploymentListener listener)
      throws IOException {
    try (HostileRegistry other = HostileRegistry.serving(stored, Fault.NONE)) {
      engine.deploy(other.reference(), NOBODY);
      Map<String, Long> before = host.files();
      DeploymentCancelledException e =
          assertThrows(
              DeploymentCancelledException.class,
              () -> engine.deploy(registry.reference(), listener, cancellation));
      assertEquals(registry.reference(), e.reference());
      assertEquals(before, host.files());
      assertEquals(List.of(other.reference().toString()), engine.images());
      assertThrows(NotDeployedException.class, () -> engine.inspect(registry.reference()));
    }
    assertTrue(host.holds(stored));
  }

  private DeploymentListener cancellingAt(LayerState state, int position) {
    return progress -> {
      if (progress.layers().get(position).state() == state) {
        cancellation.cancel();
      }
    };
  }

  private void endsWhen(Pipeline pipeline, LayerState state, int position) throws IOException {
    endsAndLeavesNothing(pipeline, Fault.NONE, registry -> {}, cancellingAt(state, position));
  }

  private void endsAndLeavesNothing(
      Pipeline pipeline,
      Fault fault,
      Consumer<HostileRegistry> prepare,
      DeploymentListener listener)
      throws IOException {
    Host host = host(pipeline);
    try (HostileRegistry registry = HostileRegistry.serving(image, fault);
        NDocker engine = patient(host).open()) {
      prepare.accept(registry);
      endsAndLeavesNothing(host, engine, registry, listener);
      registry.repair();
      registry.letGoOfAll();
      engine.deploy(registry.reference(), NOBODY);
    }
    assertTrue(host.holds(image));
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsBeforeAnythingIsFetched(Pipeline pipeline) throws IOException {
    endsWhen(pipeline, LayerState.WAITING, 2);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenADownloadBegins(Pipeline pipeline) throws IOException {
    endsWhen(pipeline, LayerState.DOWNLOADING, 2);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenADownloadIsComplete(Pipeline pipeline) throws IOException {
    endsWhen(pipeline, LayerState.DOWNLOADED, 2);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenALayerIsBeingStored(Pipeline pipeline) throws IOException {
    endsWhen(pipeline, LayerState.STORING, 2);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenALayerIsStored(Pipeline pipeline) throws IOException {
    endsWhen(pipeline, LayerState.STORED, 1);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenAllLayersAreStoredAndTheImageIsNotNamedYet(Pipeline pipeline) throws IOException {
    endsAndLeavesNothing(
        pipeline,
        Fault.NONE,
        registry -> {},
        progress -> {
          if (progress.layers().stream().allMatch(l -> l.state() == LayerState.STORED)) {
            cancellation.cancel();
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenALayerIsBeingPlaced(Pipeline pipeline) throws IOException {
    Host host = host(pipeline);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine =
            patient(host)
                .placement(
                    (position, progress) -> {
                      if (position == 2) {
                        cancellation.cancel();
                      }
                      return Tier.FAST;
                    })
                .open()) {
      endsAndLeavesNothing(host, engine, registry, NOBODY);
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenTheRegistryDoesNotSayWhatTheImageIs(Pipeline pipeline) throws IOException {
    endsAndLeavesNothing(
        pipeline,
        Fault.NONE,
        registry -> {
          registry.withholdConfig();
          registry.whenAskedFor(TinyLayer.sha256(image.config()).toString(), cancellation::cancel);
        },
        NOBODY);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenALayerDoesNotBegin(Pipeline pipeline) throws IOException {
    TinyLayer top = image.layers().get(2);
    endsAndLeavesNothing(
        pipeline,
        Fault.NONE,
        registry -> {
          registry.withhold(top);
          registry.whenAskedFor(top.digest().toString(), cancellation::cancel);
        },
        NOBODY);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void endsWhenALayerStallsHalfWay(Pipeline pipeline) throws IOException {
    endsAndLeavesNothing(
        pipeline,
        Fault.LAYER_STALLS,
        registry -> {},
        progress -> {
          if (progress.layers().get(2).downloadedBytes() > 0) {
            cancellation.cancel();
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void asksForNothingIfItIsCancelledAlready(Pipeline pipeline) throws IOException {
    cancellation.cancel();
    Host host = host(pipeline);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = patient(host).open()) {
      endsAndLeavesNothing(host, engine, registry, NOBODY);
      assertEquals(0, registry.requestsFor(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void anImageThatIsDeployedStays(Pipeline pipeline) throws IOException {
    Host host = host(pipeline);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = patient(host).open()) {
      engine.deploy(registry.reference(), NOBODY, cancellation);
      cancellation.cancel();
      ImageReference second = ImageReference.parse(registry.host() + "/library/tiny:second");
      assertThrows(
          DeploymentCancelledException.class, () -> engine.deploy(second, NOBODY, cancellation));
      assertEquals(List.of(registry.reference().toString()), engine.images());
    }
    assertTrue(host.holds(image));
  }

  @Test
  void endsWhenAnotherDeploymentFetchesTheLayer() throws Exception {
    TinyLayer shared = image.layers().get(2);
    TinyImage waitingForIt =
        TinyImage.of(List.of(shared, TinyLayer.ofTexts("COPY own /", Map.of("own", "o"))));
    try (HostileRegistry first = HostileRegistry.serving(image, Fault.NONE);
        HostileRegistry second = HostileRegistry.serving(waitingForIt, Fault.NONE);
        NDocker engine = patient(host(Pipeline.STREAMING)).open()) {
      first.withhold(shared);
      CountDownLatch begun = new CountDownLatch(1);
      first.whenAskedFor(shared.digest().toString(), begun::countDown);
      FutureTask<Deployment> one = new FutureTask<>(() -> engine.deploy(first.reference(), NOBODY));
      new Thread(one, "first deployment").start();
      begun.await();
      // its own layer is there, so only the shared one is waited for
      FutureTask<Deployment> two =
          new FutureTask<>(
              () ->
                  engine.deploy(
                      second.reference(), cancellingAt(LayerState.STORED, 1), cancellation));
      new Thread(two, "second deployment").start();
      ExecutionException e = assertThrows(ExecutionException.class, two::get);
      assertInstanceOf(DeploymentCancelledException.class, e.getCause());
      assertEquals(0, second.requestsFor(shared.digest().toString()));
      first.letGo(shared);
      one.get();
      assertEquals(List.of(first.reference().toString()), engine.images());
    }
    assertTrue(host(Pipeline.STREAMING).holds(image));
  }

  /** Whoever cancels may hold what the listener waits for. */
  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void doesNotWaitForAListener(Pipeline pipeline) throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    Host host = host(pipeline);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = patient(host).open()) {
      FutureTask<Deployment> deployment =
          new FutureTask<>(
              () ->
                  engine.deploy(
                      registry.reference(),
                      progress -> {
                        told.countDown();
                        boolean unused = awaitUninterruptibly(cancelled);
                      },
                      cancellation));
      new Thread(deployment, "deployment").start();
      told.await();
      Thread canceller = new Thread(cancellation::cancel, "canceller");
      canceller.start();
      canceller.join(TimeUnit.SECONDS.toMillis(20));
      boolean waits = canceller.isAlive();
      cancelled.countDown();
      assertFalse(waits, "cancelling waits for a listener");
      ExecutionException e = assertThrows(ExecutionException.class, deployment::get);
      assertEquals(DeploymentCancelledException.class, e.getCause().getClass());
    }
  }

  private static boolean awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
