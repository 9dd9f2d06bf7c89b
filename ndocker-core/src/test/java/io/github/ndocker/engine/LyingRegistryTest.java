package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.registry.AnswerLies;
import io.github.ndocker.registry.Credentials;
import io.github.ndocker.registry.DocumentLies;
import io.github.ndocker.registry.LayerLies;
import io.github.ndocker.registry.Lie;
import io.github.ndocker.registry.LyingRegistry;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every lie of a registry ends with the exception that is named for it, in bounded time and memory,
 * and with the store as before: through both pipelines, and all on the same engine.
 */
@Timeout(20)
class LyingRegistryTest {
  private static final DeploymentListener NOBODY = progress -> {};

  /** What is in the buffers of both sides of a loopback connection is taken from the registry. */
  private static final long MOST_TAKEN_BYTES = 48L << 20;

  private static final Map<Pipeline, NDocker> ENGINES = new EnumMap<>(Pipeline.class);
  private static final Map<Pipeline, Host> HOSTS = new EnumMap<>(Pipeline.class);
  private static TinyImage stored;
  private static TinyImage image;

  @TempDir static Path directory;

  @BeforeAll
  static void openAnEngineForEachPipelineAndDeploySomething() throws IOException {
    image = TinyImage.threeLayers();
    stored =
        TinyImage.of(
            List.of(
                image.layers().get(0), TinyLayer.ofTexts("COPY stored /", Map.of("stored", "s"))));
    RegistryOptions impatient =
        RegistryOptions.defaults()
            .withTries(2, Duration.ofMillis(1))
            .withStallTimeout(Duration.ofMillis(800));
    for (Pipeline pipeline : Pipeline.values()) {
      Host host = Host.in(directory.resolve(pipeline.name())).withPipeline(pipeline);
      NDocker engine =
          host.builder()
              .registry(new RegistryClient(impatient, Credentials.anonymous()))
              .layerLimits(LayerLimits.DEFAULT.withInflation(8 << 20, 200))
              .open();
      HOSTS.put(pipeline, host);
      ENGINES.put(pipeline, engine);
      try (LyingRegistry honest = LyingRegistry.start().serving(stored)) {
        engine.deploy(honest.reference(), NOBODY);
      }
    }
  }

  @AfterAll
  static void closeTheEngines() throws IOException {
    for (NDocker engine : ENGINES.values()) {
      engine.close();
    }
    ENGINES.clear();
  }

  static Stream<Arguments> liesThroughBothPipelines() {
    List<Lie> lies = new ArrayList<>(DocumentLies.all());
    lies.addAll(AnswerLies.all());
    lies.addAll(LayerLies.all());
    return Stream.of(Pipeline.values())
        .flatMap(pipeline -> lies.stream().map(lie -> Arguments.of(pipeline, lie)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("liesThroughBothPipelines")
  void isRefused(Pipeline pipeline, Lie lie) throws IOException {
    Host host = HOSTS.get(pipeline);
    NDocker engine = ENGINES.get(pipeline);
    Map<String, Long> before = host.files();
    List<String> images = engine.images();
    try (LyingRegistry registry = LyingRegistry.start().serving(image)) {
      lie.script().prepare(registry, image);
      DeploymentListener watching =
          progress -> {
            if (progress.layers().size() == 3 && progress.layers().get(2).downloadedBytes() > 0) {
              registry.someHasArrived();
            }
          };
      IOException refused =
          assertThrowsExactly(lie.refusedAs(), () -> engine.deploy(registry.reference(), watching));
      assertTrue(String.valueOf(refused.getMessage()).contains(lie.says()), refused.toString());
      for (Throwable told = refused; told != null; told = told.getCause()) {
        assertFalse(told.toString().contains("hunter2"), "a secret is quoted");
      }
      assertTrue(registry.sentBytes() < MOST_TAKEN_BYTES, registry.sentBytes() + " bytes taken");
      assertThrows(NotDeployedException.class, () -> engine.inspect(registry.reference()));
      assertEquals(before, host.files());
      assertEquals(images, engine.images());
      assertTrue(host.holds(stored));
    } finally {
      removeAllBut(images, engine);
    }
  }

  /** A lie that was believed must not make the next ones easier: their layers would be there. */
  private static void removeAllBut(List<String> images, NDocker engine) throws IOException {
    for (String name : engine.images()) {
      if (!images.contains(name)) {
        engine.remove(ImageReference.parse(name));
      }
    }
  }
}
