package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.Profile;
import io.github.ndocker.engine.HotMisses;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real images are traced, promoted and started under each runtime, and what one start reads is what
 * the next one reads. Two small images; all that there are with {@code -Dndocker.full=true}.
 */
class RealImagesTraceTest {
  private static final boolean FULL = Boolean.getBoolean("ndocker.full");
  private static final long TIER_BYTES = 1L << 40;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Of what a start reads, the part that another one has read. */
  private static final double LEAST_COMMON = 0.9;

  @TempDir Path directory;

  @Test
  void readTheSameAtEachStartUnderEachRuntime() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "containers need root");
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "no images given in ndocker.images");
    OciLayout layout = OciLayout.open(Path.of(images, "oci"));
    for (String name : chosen(Path.of(images, "coldstart.json"))) {
      Workload workload = Workload.of(name, Path.of(images, "coldstart.json"));
      Path work = Files.createDirectory(directory.resolve(name));
      String exported = "";
      for (String runtime : List.of("crun", "runc")) {
        assumeTrue(Files.isExecutable(program(runtime)), runtime + " is not installed");
        try (NDocker engine =
            NDocker.builder(
                    work.resolve("state-" + runtime),
                    FileTier.open(work.resolve("fast-" + runtime), TIER_BYTES),
                    FileTier.open(work.resolve("slow-" + runtime), TIER_BYTES))
                .runtime(runtime)
                .open()) {
          exported = check(engine, layout, workload, runtime, exported);
        }
      }
    }
  }

  /** Returns the profile of two starts. */
  private static String check(
      NDocker engine, OciLayout layout, Workload workload, String runtime, String before)
      throws IOException {
    ImageReference image = ImageReference.parse(workload.image());
    String what = image + ", " + runtime;
    engine.deploy(image, layout, progress -> {});
    ContainerSpec spec = engine.containerSpec(image, workload.arguments());
    TraceOptions options = TraceOptions.until(TraceEnd.ready(workload.readiness()).within(TIMEOUT));
    Profile first = engine.trace(image, "default", spec, options);
    assertTrue(first.complete(), what + ": " + first.gaps());
    engine.promote(image, "default");
    Profile second = engine.trace(image, "default", spec, options);
    assertTrue(second.complete(), what + ": " + second.gaps());
    HotMisses misses = engine.misses(image, second);
    System.out.printf(
        Locale.ROOT,
        "%s: the second start missed %d of %d bytes, in %d ranges%n",
        what,
        misses.missedBytes(),
        misses.readBytes(),
        misses.missedRanges());
    assertTrue(misses.hitShare() >= LEAST_COMMON, what + ": " + misses);
    Profile both = engine.profiles(image).get(0);
    assertEquals(2, both.runs(), what);
    assertEquals(first.merge(second).files(), both.files(), what);

    String document = engine.exportProfile(image, "default");
    engine.importProfile(image, "copied", document, true);
    assertEquals(both.files(), profile(engine, image, "copied").files(), what);
    if (!before.isEmpty()) {
      // what another runtime has shown is as good
      engine.importProfile(image, "elsewhere", before, true);
      engine.promote(image, "elsewhere");
      HotMisses other = engine.misses(image, second);
      assertTrue(other.hitShare() >= LEAST_COMMON, what + ": " + other);
    }
    try (RunningContainer running = engine.start(image, spec)) {
      running.container().awaitReady(workload.readiness(), TIMEOUT);
    }
    engine.remove(image);
    return document;
  }

  private static Profile profile(NDocker engine, ImageReference image, String workload)
      throws IOException {
    return engine.profiles(image).stream()
        .filter(profile -> profile.workload().equals(workload))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> chosen(Path coldStarts) throws IOException {
    if (!FULL) {
      return List.of("debian", "redis");
    }
    List<String> names = new ArrayList<>();
    new ObjectMapper().readTree(coldStarts.toFile()).fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Path program(String name) {
    for (String directory : List.of("/usr/bin", "/usr/sbin")) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return Path.of(directory, name);
      }
    }
    return Path.of(name);
  }
}
