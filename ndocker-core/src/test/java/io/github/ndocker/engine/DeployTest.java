package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.Allocation;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerRole;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.registry.DockerRegistry;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeployTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;

  private static LayerState state(DeploymentProgress progress, int position) {
    LayerProgress layer = progress.layers().get(position);
    return layer.state();
  }

  private static List<Tier> tiers(NDocker engine, ImageReference image) throws IOException {
    return engine.inspect(image).layers().stream()
        .map(place -> place.location().orElseThrow().extents().get(0).tier())
        .toList();
  }

  @Test
  void storesTheLastDownloadingLayerAndThoseAboveItOnTheFastTier() throws IOException {
    TinyImage image = TinyImage.withLayers(5, 2, 3_000);
    TinyLayer last = image.layers().get(3);
    List<DeploymentProgress> reports = new ArrayList<>();
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      registry.withhold(last);
      Deployment deployment =
          engine.deploy(
              registry.reference(),
              progress -> {
                reports.add(progress);
                if (state(progress, 2) == LayerState.STORED
                    && state(progress, 4) == LayerState.DOWNLOADED) {
                  registry.letGo(last);
                }
              });
      assertEquals(
          List.of(Tier.SLOW, Tier.SLOW, Tier.SLOW, Tier.FAST, Tier.FAST),
          tiers(engine, registry.reference()));
      assertEquals(
          image.layers().get(3).tar().length + image.layers().get(4).tar().length,
          deployment.fastBytes());
      assertTrue(deployment.download().compareTo(deployment.total()) <= 0, deployment.toString());
    }
    assertTrue(host.holds(image));
    DeploymentProgress end = reports.get(reports.size() - 1);
    assertEquals(
        List.of(LayerRole.LBL, LayerRole.LBL, LayerRole.LBL, LayerRole.LDL, LayerRole.LAL),
        end.layers().stream().map(layer -> end.role(layer.layer().position())).toList());
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void tellsOfEveryByteThatIsDownloadedAndStored(Pipeline pipeline) throws IOException {
    TinyImage image = TinyImage.withLayers(3, 2, 400_000);
    List<DeploymentProgress> reports = new ArrayList<>();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = Host.in(directory).withPipeline(pipeline).open()) {
      engine.deploy(registry.reference(), reports::add);
    }
    List<Allocation> end = reports.get(reports.size() - 1).allocation().parts();
    for (int position = 0; position < 3; position++) {
      TinyLayer layer = image.layers().get(position);
      long compressed = layer.compressed().length;
      long tar = layer.tar().length;
      assertEquals(
          List.of(
              new Allocation("download", compressed, compressed, List.of()),
              new Allocation("store", tar, tar, List.of())),
          end.get(position).parts());
    }
    assertTrue(
        reports.stream()
            .map(DeploymentProgress::allocation)
            .anyMatch(part -> part.fraction() > 0 && part.fraction() < 1),
        reports.size() + " reports, none of them in between");
  }

  @Test
  void goesToTheSlowTierWhereTheFastOneIsFull() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    long one = image.layers().get(0).tar().length;
    Host host = Host.in(directory).withFastBytes(one + 4096);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.builder().placement(new AllFast()).open()) {
      Deployment deployment = engine.deploy(registry.reference(), NOBODY);
      assertEquals(List.of(Tier.FAST, Tier.SLOW, Tier.SLOW), tiers(engine, registry.reference()));
      assertEquals(one, deployment.fastBytes());
    }
    assertTrue(host.holds(image));
  }

  @Test
  void fetchesNoLayerThatIsThereAlready() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE)) {
      try (NDocker engine = Host.in(directory).open()) {
        engine.deploy(registry.reference(), NOBODY);
        engine.deploy(registry.reference(), NOBODY);
      }
      try (NDocker engine = Host.in(directory).open()) {
        Deployment again = engine.deploy(registry.reference(), NOBODY);
        assertTrue(again.download().isZero());
      }
      for (TinyLayer layer : image.layers()) {
        assertEquals(1, registry.requestsFor(layer.digest().toString()));
      }
    }
  }

  @Test
  void anImageThatIsThereCostsOneRequest() throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE);
        NDocker engine = Host.in(directory).open()) {
      engine.deploy(registry.reference(), NOBODY);
      assertEquals(5, registry.requestsFor(""));
      engine.deploy(registry.reference(), NOBODY);
      assertEquals(6, registry.requestsFor(""));
      assertEquals(2, registry.requestsFor("/manifests/latest"));
    }
  }

  @Test
  void aSecondTagOfAnImageCostsOneRequest() throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE);
        NDocker engine = Host.in(directory).open()) {
      engine.deploy(registry.reference(), NOBODY);
      ImageReference second = ImageReference.parse(registry.host() + "/library/tiny:second");
      engine.deploy(second, NOBODY);
      assertEquals(6, registry.requestsFor(""));
      assertEquals(1, registry.requestsFor("/manifests/second"));
      assertEquals(2, engine.images().size());
    }
  }

  @Test
  void anImageBehindAnIndexCostsTheIndexOnce() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = Host.in(directory).open()) {
      registry.putBehindIndex();
      engine.deploy(registry.reference(), NOBODY);
      assertEquals(6, registry.requestsFor(""));
      engine.deploy(registry.reference(), NOBODY);
      assertEquals(7, registry.requestsFor(""));
      assertEquals(1, registry.requestsFor(image.manifestDigest().toString()));
      assertEquals(image.manifestDigest(), engine.inspect(registry.reference()).manifestDigest());
    }
  }

  @Test
  void anImageThatHasChangedIsFetched() throws IOException {
    TinyImage after = TinyImage.withLayers(3, 4, 4_000);
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE);
        NDocker engine = Host.in(directory).open()) {
      engine.deploy(registry.reference(), NOBODY);
      registry.replaceWith(after);
      engine.deploy(registry.reference(), NOBODY);
      assertEquals(10, registry.requestsFor(""));
      assertEquals(after.manifestDigest(), engine.inspect(registry.reference()).manifestDigest());
    }
  }

  @Test
  void deploysAnImageThatHasTheSameLayerTwice() throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base", java.util.Map.of("a", "a"));
    TinyLayer other = TinyLayer.ofTexts("ADD other", java.util.Map.of("b", "b"));
    TinyImage image = TinyImage.of(List.of(base, other, base));
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      Deployment deployment = engine.deploy(registry.reference(), NOBODY);
      assertEquals(base.tar().length + other.tar().length, deployment.imageBytes());
      engine.remove(registry.reference());
    }
    assertFalse(host.holds(base.diffId().digest()));
  }

  @Test
  void letsGoOfTheImageThatHadTheReferenceBefore() throws IOException {
    TinyImage before = TinyImage.withLayers(3, 1, 2_000);
    TinyImage after =
        TinyImage.of(
            List.of(
                before.layers().get(0),
                TinyLayer.ofTexts("COPY x /", java.util.Map.of("x", "new"))));
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(before, Fault.NONE);
        NDocker engine = host.open()) {
      engine.deploy(registry.reference(), NOBODY);
      registry.replaceWith(after);
      engine.deploy(registry.reference(), NOBODY);
      assertEquals(after.manifestDigest(), engine.inspect(registry.reference()).manifestDigest());
    }
    assertTrue(host.holds(after));
    assertFalse(host.holds(before.layers().get(1).diffId().digest()));
    assertEquals(1, host.files().keySet().stream().filter(name -> name.endsWith(".erofs")).count());
  }

  @Test
  void handsOnWhatAListenerThrowsAndLeavesNothing() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      var before = host.files();
      for (LayerState when : LayerState.values()) {
        IllegalStateException own = new IllegalStateException("of the listener");
        DeploymentListener listener =
            progress -> {
              if (progress.layers().stream().anyMatch(layer -> layer.state() == when)) {
                throw own;
              }
            };
        assertEquals(
            own,
            org.junit.jupiter.api.Assertions.assertThrows(
                IllegalStateException.class, () -> engine.deploy(registry.reference(), listener)));
        assertEquals(before, host.files());
      }
    }
  }

  @Test
  void deploysFromTheRegistryOfDockerAnIndexAndSchemaTwo() throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    TinyImage image = TinyImage.threeLayers();
    Path layout = image.writeLayout(directory.resolve("layout"));
    Host host = Host.in(directory.resolve("host"));
    try (DockerRegistry registry = DockerRegistry.start();
        NDocker engine = host.open()) {
      ImageReference schemaTwo = registry.pushAsDockerSchema2(layout, TinyImage.TAG);
      engine.deploy(schemaTwo, NOBODY);
      ImageReference oci = registry.push(layout, TinyImage.TAG);
      engine.deploy(oci, NOBODY);
      String index =
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
              .formatted(
                  MediaTypes.OCI_INDEX,
                  entry(image, "sparc"),
                  entry(image, Platform.host().architecture()));
      registry.putManifest(
          TinyImage.TAG,
          "index",
          MediaTypes.OCI_INDEX,
          index.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      ImageReference indexed =
          ImageReference.parse(registry.host() + "/library/" + TinyImage.TAG + ":index");
      engine.deploy(indexed, NOBODY);
      assertEquals(List.of(indexed.toString(), oci.toString()), engine.images());
      List<Layer> layers =
          engine.inspect(indexed).layers().stream().map(LayerPlace::layer).toList();
      assertEquals(3, layers.size());
    }
    assertTrue(host.holds(image));
  }

  private static String entry(TinyImage image, String architecture) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}"
        .formatted(
            MediaTypes.OCI_MANIFEST, image.manifestDigest(), image.manifest().length, architecture);
  }
}
