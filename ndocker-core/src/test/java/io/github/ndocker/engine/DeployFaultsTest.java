package io.github.ndocker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.layer.MalformedLayerException;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.ImageNotFoundException;
import io.github.ndocker.registry.RegistryException;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.registry.TruncatedBlobException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployment that fails leaves the host as it was, and succeeds when the fault is gone. */
class DeployFaultsTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;
  private TinyImage stored;
  private TinyImage image;

  /** What images are deployed on. */
  Host host() {
    return Host.in(directory);
  }

  @BeforeEach
  void makeImagesThatShareALayer() throws IOException {
    SharingImages images = SharingImages.withTopFilesOf(4_000);
    stored = images.stored();
    image = images.image();
  }

  private <E extends IOException> E failsThenSucceeds(Class<E> expected, Fault fault)
      throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(image, fault)) {
      return failsThenSucceeds(host(), expected, registry);
    }
  }

  /** The last layer is the faulty one, so that others are stored before it. */
  private <E extends IOException> E failsThenSucceeds(
      Host host, Class<E> expected, HostileRegistry registry) throws IOException {
    E failure;
    try (HostileRegistry healthy = HostileRegistry.serving(stored, Fault.NONE);
        NDocker engine = host.open()) {
      engine.deploy(healthy.reference(), NOBODY);
      Map<String, Long> before = host.files();
      failure = assertThrows(expected, () -> engine.deploy(registry.reference(), NOBODY));
      assertEquals(before, host.files());
      assertEquals(List.of(healthy.reference().toString()), engine.images());
      assertThrows(NotDeployedException.class, () -> engine.inspect(registry.reference()));
      registry.repair();
      registry.replaceWith(image);
      if (expected != TierFullException.class) {
        engine.deploy(registry.reference(), NOBODY);
        assertEquals(2, engine.images().size());
      }
    }
    assertTrue(host.holds(stored));
    assertEquals(expected != TierFullException.class, host.holds(image));
    return failure;
  }

  @Test
  void refusesALayerOfOtherBytes() throws IOException {
    DigestMismatchException failure =
        failsThenSucceeds(DigestMismatchException.class, Fault.LAYER_OF_OTHER_BYTES);
    assertEquals(image.layers().get(2).digest(), failure.expected());
    assertFalse(failure.found().equals(failure.expected()));
  }

  @Test
  void refusesALayerWithAnotherDiffId() throws IOException {
    TinyImage lying = image.withWrongDiffId(2);
    try (HostileRegistry registry = HostileRegistry.serving(lying, Fault.NONE)) {
      DigestMismatchException failure =
          failsThenSucceeds(host(), DigestMismatchException.class, registry);
      assertEquals(image.layers().get(2).diffId().digest(), failure.found());
      assertTrue(failure.getMessage().startsWith("diff ID of layer 2"), failure.getMessage());
    }
  }

  @Test
  void leavesNothingOfADeploymentThatIsInterrupted() throws IOException {
    Host host = host();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      Map<String, Long> before = host.files();
      Thread deploying = Thread.currentThread();
      DeploymentListener interrupting =
          progress -> {
            if (progress.layers().get(1).state() == LayerState.STORED) {
              deploying.interrupt();
            }
          };
      assertThrows(IOException.class, () -> engine.deploy(registry.reference(), interrupting));
      assertTrue(Thread.interrupted(), "the interrupt is kept for whoever sent it");
      assertEquals(before, host.files());
      engine.deploy(registry.reference(), NOBODY);
    }
  }

  @Test
  void refusesATruncatedLayer() throws IOException {
    failsThenSucceeds(TruncatedBlobException.class, Fault.LAYER_TRUNCATED);
  }

  @Test
  void survivesARegistryThatDiesHalfWay() throws IOException {
    TruncatedBlobException failure =
        failsThenSucceeds(TruncatedBlobException.class, Fault.LAYER_CONNECTION_BREAKS);
    assertEquals(image.layers().get(2).compressed().length, failure.expectedBytes());
    assertTrue(failure.foundBytes() < failure.expectedBytes());
  }

  @Test
  void refusesALayerWithoutEnd() throws IOException {
    failsThenSucceeds(RegistryException.class, Fault.LAYER_WITHOUT_END);
  }

  @Test
  void saysThatALayerIsMissing() throws IOException {
    failsThenSucceeds(RegistryException.class, Fault.LAYER_NOT_FOUND);
  }

  @Test
  void saysThatAnImageIsUnknown() throws IOException {
    failsThenSucceeds(ImageNotFoundException.class, Fault.MANIFEST_NOT_FOUND);
  }

  @Test
  void refusesAPageInPlaceOfAManifest() throws IOException {
    failsThenSucceeds(MalformedManifestException.class, Fault.MANIFEST_IS_HTML);
  }

  @Test
  void refusesALayerThatIsNoTar() throws IOException {
    byte[] text = "no tar at all, but long enough to have a header\n".repeat(40).getBytes(UTF_8);
    refusesTopLayer(TinyLayer.ofTar("COPY odd /", text));
  }

  @Test
  void refusesACorruptGzipStream() throws IOException {
    TinyLayer good = TinyLayer.ofTexts("COPY odd /", Map.of("odd", "odd".repeat(5_000)));
    byte[] corrupt = good.compressed();
    Arrays.fill(corrupt, 20, corrupt.length - 8, (byte) 0x55);
    refusesTopLayer(new TinyLayer("COPY odd /", good.tar(), corrupt));
  }

  private void refusesTopLayer(TinyLayer top) throws IOException {
    TinyImage odd = TinyImage.of(List.of(image.layers().get(0), image.layers().get(1), top));
    try (HostileRegistry registry = HostileRegistry.serving(odd, Fault.NONE)) {
      failsThenSucceeds(host(), MalformedLayerException.class, registry);
    }
  }

  @Test
  void saysWhatAFullSlowTierWouldNeed() throws IOException {
    long room = stored.layers().stream().mapToLong(layer -> layer.tar().length).sum() + 8000;
    Host host = host().withFastBytes(0).withSlowBytes(room);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE)) {
      TierFullException failure = failsThenSucceeds(host, TierFullException.class, registry);
      // the records of the two images take some of it
      assertTrue(failure.freeBytes() > 0 && failure.freeBytes() < 8000, failure.getMessage());
      assertTrue(failure.neededBytes() > failure.freeBytes(), failure.getMessage());
    }
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.withSlowBytes(1 << 20).open()) {
      engine.deploy(registry.reference(), NOBODY);
    }
    assertTrue(host.holds(image));
  }

  @Test
  void keepsLayersThatAnotherDeploymentStillNeeds() throws Exception {
    TinyLayer own = TinyLayer.ofTexts("COPY own /", Map.of("own", "o"));
    TinyImage other = TinyImage.of(List.of(image.layers().get(0), image.layers().get(1), own));
    Host host = host();
    try (HostileRegistry good = HostileRegistry.serving(other, Fault.NONE);
        HostileRegistry bad = HostileRegistry.serving(image, Fault.LAYER_OF_OTHER_BYTES);
        NDocker engine = host.open()) {
      good.withhold(own);
      CountDownLatch sharedStored = new CountDownLatch(1);
      FutureTask<Deployment> deployment =
          new FutureTask<>(
              () ->
                  engine.deploy(
                      good.reference(),
                      progress -> {
                        if (progress.layers().get(1).state() == LayerState.STORED) {
                          sharedStored.countDown();
                        }
                      }));
      Thread thread = new Thread(deployment, "other deployment");
      thread.start();
      sharedStored.await();
      assertThrows(DigestMismatchException.class, () -> engine.deploy(bad.reference(), NOBODY));
      assertTrue(host.holds(image.layers().get(1).diffId().digest()));
      good.letGo(own);
      deployment.get();
      thread.join();
    }
    assertTrue(host.holds(other));
    assertFalse(host.holds(image.layers().get(2).diffId().digest()));
  }

  @Test
  void cleansUpAfterTheLastOfTwoDeploymentsThatFail() throws Exception {
    Host host = host();
    try (HostileRegistry first = HostileRegistry.serving(image, Fault.LAYER_OF_OTHER_BYTES);
        HostileRegistry second = HostileRegistry.serving(image, Fault.LAYER_OF_OTHER_BYTES);
        NDocker engine = host.open()) {
      Map<String, Long> before = host.files();
      TinyLayer top = image.layers().get(2);
      second.withhold(top);
      CountDownLatch storedByFirst = new CountDownLatch(1);
      first.withhold(top);
      FutureTask<Deployment> one =
          new FutureTask<>(
              () ->
                  engine.deploy(
                      first.reference(),
                      progress -> {
                        if (progress.layers().get(1).state() == LayerState.STORED) {
                          storedByFirst.countDown();
                        }
                      }));
      new Thread(one, "first deployment").start();
      storedByFirst.await();
      CountDownLatch secondBegun = new CountDownLatch(1);
      FutureTask<Deployment> two =
          new FutureTask<>(
              () -> engine.deploy(second.reference(), progress -> secondBegun.countDown()));
      new Thread(two, "second deployment").start();
      secondBegun.await();
      first.letGo(top);
      assertThrows(ExecutionException.class, one::get);
      second.letGo(top);
      assertThrows(ExecutionException.class, two::get);
      assertEquals(before, host.files());
    }
  }
}
