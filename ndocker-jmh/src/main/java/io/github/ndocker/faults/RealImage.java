package io.github.ndocker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.source.OciLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An image as people use them, that is traced, promoted for one workload and then for another. */
final class RealImage implements Closeable {
  /** As the layout calls it. */
  static final String NAME = "python";

  private static final String PRINTED = "42";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What it runs, by the name of the workload. */
  private static final Map<String, String> PROGRAMS =
      new TreeMap<>(
          Map.of(
              "first", "import json, decimal; print(json.dumps(42))",
              "second", "import sqlite3, email.message; print(6 * 7)"));

  private final Places places;
  private final NDocker engine;

  private RealImage(Places places, NDocker engine) {
    this.places = places;
    this.engine = engine;
  }

  static RealImage open(Places places) throws IOException {
    return new RealImage(places, EngineUnderTest.openEngine(places, false));
  }

  /** Puts a layout that has the image where it is deployed from. */
  static void link(Places places, Path layout) throws IOException {
    Files.createSymbolicLink(layout(places), layout.toAbsolutePath());
  }

  private static Path layout(Places places) {
    return places.root().resolve("images");
  }

  /** What is true of it in every state: its tree, and the hot packs that it may have. */
  private Path expected() {
    return places.root().resolve("expected");
  }

  private static ImageReference reference() throws IOException {
    return ImageReference.parse(NAME);
  }

  /** Deploys it, traces both workloads, and leaves it promoted for the first. */
  void deploy(Steps steps) throws IOException {
    steps.take(
        Journal.PUT,
        NAME,
        () -> {
          engine.deploy(reference(), OciLayout.open(layout(places)), progress -> {});
          List<String> lines = new ArrayList<>(List.of(tree()));
          for (String workload : List.of("second", "first")) {
            engine.trace(
                reference(), workload, program(workload), new Readiness.Exits(PRINTED), PATIENCE);
            engine.promote(reference(), workload);
            lines.add(hotPack());
          }
          Files.write(expected(), lines);
        });
  }

  void promote(Steps steps) throws IOException {
    steps.take(Journal.KEEP, NAME, () -> engine.promote(reference(), "second"));
  }

  private ContainerSpec program(String workload) throws IOException {
    return engine.containerSpec(
        reference(), List.of("python3", "-c", String.valueOf(PROGRAMS.get(workload))));
  }

  /** Its size tells which it is. */
  private String hotPack() throws IOException {
    return engine.inspect(reference()).hotPacks().stream()
        .map(pack -> pack.location().length() + " bytes")
        .findFirst()
        .orElse("none");
  }

  /**
   * What is wrong with it, in a few words: another tree than ever, a hot pack of neither workload,
   * or a container that does not start or prints something else.
   */
  List<String> problems() throws IOException {
    List<String> known = Files.readAllLines(expected());
    List<String> problems = new ArrayList<>();
    if (!known.subList(1, known.size()).contains(hotPack())) {
      problems.add("as its hot pack, " + hotPack());
    }
    if (!tree().equals(known.get(0))) {
      problems.add("another tree");
    }
    for (String workload : PROGRAMS.keySet()) {
      try (RunningContainer running = engine.start(reference(), program(workload))) {
        int code = running.container().awaitExit();
        if (code != 0 || !running.container().output().strip().equals(PRINTED)) {
          problems.add("exit code " + code + " and " + running.container().output());
        }
      }
    }
    return problems;
  }

  /** A digest of all names, attributes and bytes of its files. */
  private String tree() throws IOException {
    MessageDigest sha256 = Blob.sha256();
    try (RootFilesystem mounted = engine.mount(reference());
        Stream<Path> walk = Files.walk(mounted.image())) {
      for (Path file : walk.sorted().toList()) {
        Map<String, Object> attributes =
            new TreeMap<>(
                Files.readAttributes(
                    file,
                    "unix:mode,uid,gid,size,rdev,lastModifiedTime",
                    LinkOption.NOFOLLOW_LINKS));
        sha256.update((mounted.image().relativize(file) + "\0" + attributes).getBytes(UTF_8));
        if (Files.isSymbolicLink(file)) {
          sha256.update(Files.readSymbolicLink(file).toString().getBytes(UTF_8));
        } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          sha256.update(Files.readAllBytes(file));
        }
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** Frees what a crash left, and removes it. */
  void finish() throws IOException {
    engine.gc();
    engine.remove(reference());
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
