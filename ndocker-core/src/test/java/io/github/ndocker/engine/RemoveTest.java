package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoveTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;

  private static TinyImage over(TinyLayer base, String name) throws IOException {
    return TinyImage.of(List.of(base, TinyLayer.ofTexts("COPY own /", Map.of(name, name))));
  }

  @Test
  void takesWhatOnlyTheImageNeededAndNothingElse() throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base /", Map.of("base", "b"));
    TinyImage one = over(base, "one");
    TinyImage two = over(base, "two");
    Host host = Host.in(directory);
    try (HostileRegistry first = HostileRegistry.serving(one, Fault.NONE);
        HostileRegistry second = HostileRegistry.serving(two, Fault.NONE);
        NDocker engine = host.open()) {
      Map<String, Long> empty = host.files();
      engine.deploy(first.reference(), NOBODY);
      Map<String, Long> onlyOne = host.files();
      engine.deploy(second.reference(), NOBODY);
      engine.remove(second.reference());
      assertEquals(onlyOne, host.files());
      assertTrue(host.holds(one));
      assertThrows(NotDeployedException.class, () -> engine.remove(second.reference()));
      engine.remove(first.reference());
      assertEquals(empty, host.files());
    }
  }

  @Test
  void keepsEverythingForAnotherReferenceToTheSameImage() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    Host host = Host.in(directory);
    try (HostileRegistry first = HostileRegistry.serving(image, Fault.NONE);
        HostileRegistry second = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      engine.deploy(first.reference(), NOBODY);
      Map<String, Long> before = host.files();
      engine.deploy(second.reference(), NOBODY);
      engine.remove(first.reference());
      assertEquals(before, host.files());
      assertEquals(List.of(second.reference().toString()), engine.images());
    }
  }

  @Test
  void goesTogetherWithDeploymentsOfImagesThatShareLayers() throws Exception {
    TinyLayer base = TinyImage.withLayers(1, 4, 50_000).layers().get(0);
    List<TinyImage> images = new ArrayList<>();
    List<HostileRegistry> registries = new ArrayList<>();
    Host host = Host.in(directory);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (NDocker engine = host.open()) {
      Map<String, Long> empty = host.files();
      List<Future<Void>> running = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        TinyImage image = over(base, "own" + thread);
        images.add(image);
        HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        registries.add(registry);
        ImageReference reference = registry.reference();
        Callable<Void> work =
            () -> {
              for (int round = 0; round < 8; round++) {
                engine.deploy(reference, NOBODY);
                engine.settle(reference);
                engine.inspect(reference);
                engine.remove(reference);
              }
              engine.deploy(reference, NOBODY);
              return null;
            };
        running.add(threads.submit(work));
      }
      for (Future<Void> work : running) {
        work.get();
      }
      for (TinyImage image : images) {
        assertTrue(host.holds(image));
      }
      for (HostileRegistry registry : registries) {
        engine.remove(registry.reference());
      }
      assertEquals(empty, host.files());
    } finally {
      threads.shutdownNow();
      registries.forEach(HostileRegistry::close);
    }
    assertFalse(host.holds(base.diffId().digest()));
  }

  @Test
  void makesNobodyWaitWhileItWaitsForAPromotion() throws Exception {
    CountDownLatch promoting = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    HotFileDetector slow =
        evidence -> {
          promoting.countDown();
          awaitUninterruptibly(goOn);
          return new HotSet(List.of(), List.of());
        };
    try (HostileRegistry first = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE);
        HostileRegistry second = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE);
        NDocker engine = Host.in(directory).builder().detector(slow).open()) {
      engine.deploy(first.reference(), NOBODY);
      engine.deploy(second.reference(), NOBODY);
      FutureTask<Promotion> promotion = new FutureTask<>(() -> engine.settle(first.reference()));
      new Thread(promotion).start();
      promoting.await();
      FutureTask<Void> removal =
          new FutureTask<>(
              () -> {
                engine.remove(second.reference());
                return null;
              });
      Thread remover = new Thread(removal);
      remover.start();
      while (remover.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertTimeoutPreemptively(
          Duration.ofSeconds(30), () -> engine.deploy(first.reference(), NOBODY));
      assertFalse(removal.isDone());
      goOn.countDown();
      promotion.get();
      removal.get();
      assertEquals(List.of(first.reference().toString()), engine.images());
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
