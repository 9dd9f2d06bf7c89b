package io.github.ndocker.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.source.Archives;
import io.github.ndocker.store.FileTier;
import io.github.ndocker.trust.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  @TempDir Path directory;

  private record Result(int code, String out, String err) {}

  private static Result execute(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(arguments.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  /** With a store in the test's own directory. */
  private Result inStore(String command, String... arguments) {
    return inStore(List.of(command), arguments);
  }

  private Result inStore(List<String> command, String... arguments) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("--state", directory.resolve("state").toString()));
    line.addAll(List.of("--fast", "dir:" + directory.resolve("fast"), "--fast-size", "8m"));
    line.addAll(List.of(arguments));
    return execute(line);
  }

  /** A subcommand of {@code profile}. */
  private Result inProfile(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--state", directory.resolve("state").toString()));
    line.addAll(List.of("--fast", "dir:" + directory.resolve("fast"), "--fast-size", "8m"));
    line.add(0, "profile");
    return execute(line);
  }

  private static void failsInOneSentence(int code, String with, Result result) {
    assertEquals(code, result.code, result.err);
    assertEquals(1, result.err.lines().count(), result.err);
    assertTrue(result.err.startsWith("ndocker: "), result.err);
    assertTrue(result.err.contains(with), result.err);
    assertEquals("", result.out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy", "run", "trace", "promote", "demote", "misses", "refresh", "images", "inspect",
        "remove", "gc", "fsck"
      })
  void everyCommandHelps(String command) {
    Result help = execute(List.of(command, "--help"));
    assertEquals(0, help.code);
    assertTrue(help.out.startsWith("Usage: ndocker " + command), help.out);
    assertTrue(help.out.contains("--state"), help.out);
    assertTrue(execute(List.of("--help")).out.contains("  " + command), command);
  }

  @Test
  void saysWhatItDidNotUnderstand() {
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("fly"),
            List.of("deploy"),
            List.of("images", "--no-such-option"),
            List.of("trace", "--timeout", "soon", "image"))) {
      Result result = execute(wrong);
      assertEquals(2, result.code, wrong.toString());
      assertTrue(result.err.contains("Usage: ndocker"), result.err);
    }
    failsInOneSentence(2, "not a size: 'huge'", inStore("images", "--slow-size", "huge"));
  }

  @Test
  void saysInOneSentenceWhatFailed() {
    failsInOneSentence(1, "is not deployed", inStore("inspect", "localhost:1/library/a:b"));
    failsInOneSentence(1, "is not deployed", inStore("remove", "localhost:1/library/a:b"));
    failsInOneSentence(1, "is not deployed", inStore("run", "localhost:1/library/a:b"));
    failsInOneSentence(1, "is not deployed", inStore("promote", "localhost:1/library/a:b"));
    for (String command : List.of("demote", "misses", "refresh")) {
      failsInOneSentence(1, "is not deployed", inStore(command, "localhost:1/library/a:b"));
    }
    failsInOneSentence(1, "no share", inStore("promote", "--min-share", "7", "localhost:1/a:b"));
    failsInOneSentence(1, "", inStore("inspect", "NOT A REFERENCE"));
    Result tier = execute(List.of("images", "--state", directory + "/s", "--fast", "tape:1"));
    failsInOneSentence(1, "not a fast tier: 'tape:1'", tier);
  }

  @Test
  void deploysListsInspectsAndRemoves() throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE)) {
      String image = registry.reference().toString();
      assertEquals("", inStore("images").out);
      Result deployed = inStore("deploy", image);
      assertEquals(0, deployed.code, deployed.err);
      assertTrue(deployed.out.contains(image + " is ready after "), deployed.out);
      assertEquals(image + System.lineSeparator(), inStore("images").out);
      String inspected = inStore("inspect", image).out;
      assertTrue(inspected.contains("layer 2"), inspected);
      Result promoted = inStore("promote", image);
      failsInOneSentence(1, "trace a start first", promoted);
      assertEquals(0, inStore("remove", image).code);
      assertEquals("", inStore("images").out);
    }
  }

  @Test
  void promotesForSeveralWorkloadsAndDemotes() throws IOException {
    String layout = TinyImage.threeLayers().writeLayout(directory.resolve("layout")).toString();
    assertEquals(0, inStore("deploy", "tiny", "--from", layout).code);
    List<String> all = new ArrayList<>(List.of("tiny"));
    for (String workload : List.of("layer0", "layer1")) {
      Path list = Files.writeString(directory.resolve(workload), "/" + workload + "/file*\n");
      Result imported = inProfile("import", "tiny", list.toString(), "--workload", workload);
      assertEquals(0, imported.code, imported.err);
      all.addAll(List.of("--workload", workload));
    }
    failsInOneSentence(
        1, "no profile of workload 'none'", inStore("promote", "tiny", "--workload", "none"));
    Result promoted = inStore("promote", all.toArray(String[]::new));
    assertEquals(0, promoted.code, promoted.err);
    String inspected = inStore("inspect", "tiny").out;
    assertTrue(inspected.contains("/layer0/file3: 5000 of 5000 bytes packed"), inspected);
    assertTrue(inspected.contains("/layer1/file0: 5000 of 5000 bytes packed"), inspected);
    assertTrue(inStore("misses", "tiny").out.startsWith("nothing is mounted"));
    assertEquals("demoted" + System.lineSeparator(), inStore("demote", "tiny").out);
    assertEquals("it was not promoted" + System.lineSeparator(), inStore("demote", "tiny").out);
  }

  @Test
  void namesTheFilesThatContainersReadBesideThePack() throws IOException {
    LoopMount.assumePossible();
    String layout =
        TinyImage.withLayers(2, 2, 100_000).writeLayout(directory.resolve("layout")).toString();
    assertEquals(0, inStore("deploy", "tiny", "--from", layout).code);
    Path list = Files.writeString(directory.resolve("list"), "/layer0/file0\n");
    assertEquals(0, inProfile("import", "tiny", list.toString()).code);
    assertEquals(0, inStore("promote", "tiny").code);
    try {
      // it stays when the engine is closed
      try (NDocker engine = engine()) {
        RootFilesystem mounted = engine.mount(ImageReference.parse("tiny"));
        for (String file : List.of("layer0/file0", "layer1/file1")) {
          assertEquals(100_000, Files.readAllBytes(mounted.root().resolve(file)).length);
        }
      }
      Result misses = inStore("misses", "tiny");
      assertTrue(misses.out.contains("50.0% of it not from the slow tier"), misses.out);
      assertTrue(misses.out.contains(": stale"), misses.out);
      assertTrue(misses.out.contains("100000 in    1  /layer1/file1"), misses.out);
    } finally {
      try (NDocker engine = engine()) {
        for (RootFilesystem mounted : engine.rootfs().mounted()) {
          mounted.close();
        }
      }
    }
  }

  /** The store of the commands. */
  private NDocker engine() throws IOException {
    Path state = directory.resolve("state");
    Path slow = state.resolve("slow");
    return NDocker.builder(
            state,
            FileTier.open(directory.resolve("fast"), 8 << 20),
            FileTier.open(slow.resolve("layers"), 1 << 30))
        .indexes(slow.resolve("index"))
        .open();
  }

  @Test
  void deploysFromALayoutAnArchiveAndStandardInput() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    Path layout = image.writeLayout(directory.resolve("layout"));
    Path archive = directory.resolve("image.tar");
    Files.write(archive, Archives.saved(image, "tiny:latest").finished());
    InputStream before = System.in;
    try (InputStream stream = Files.newInputStream(archive)) {
      System.setIn(stream);
      for (String from : List.of(layout.toString(), archive.toString(), "-")) {
        Result deployed = inStore("deploy", "tiny", "--from", from);
        assertEquals(0, deployed.code, deployed.err);
        assertEquals(0, inStore("remove", "tiny").code);
      }
    } finally {
      System.setIn(before);
    }
    failsInOneSentence(
        1, "it holds tiny:latest", inStore("deploy", "large", "--from", archive.toString()));
    failsInOneSentence(1, "no-such-file", inStore("deploy", "tiny", "--from", "no-such-file"));
  }

  @Test
  void dividesTheFastTierIfThereIsABudget() throws IOException {
    String layout = TinyImage.threeLayers().writeLayout(directory.resolve("layout")).toString();
    assertEquals(0, inStore("deploy", "tiny", "--from", layout).code);
    failsInOneSentence(1, "there is no budget", inStore(List.of("budget", "show")));
    Path paths = Files.writeString(directory.resolve("paths"), "/layer1/file0\n");
    assertEquals(0, inStore(List.of("profile", "import"), "tiny", paths.toString()).code);
    String size = "--hot-budget=1m";
    assertEquals(0, inStore(List.of("budget", "pin"), "tiny", size).code);
    String admitted = inStore(List.of("budget", "balance"), size).out;
    assertTrue(admitted.startsWith("admitted: docker.io/library/tiny:latest"), admitted);
    String shown = inStore(List.of("budget", "show"), size).out;
    assertTrue(shown.contains("fast pinned  docker.io/library/tiny:latest"), shown);
    assertEquals(0, inStore(List.of("budget", "unpin"), "tiny", size).code);
    assertTrue(inStore(List.of("budget", "balance"), "--hot-budget=0").out.startsWith("evicted: "));
  }

  @Test
  void findsDamageAndMendsIt() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    String layout = image.writeLayout(directory.resolve("layout")).toString();
    assertEquals(0, inStore("deploy", "tiny", "--from", layout).code);
    Result sound = inStore("fsck", "--deep");
    assertEquals(0, sound.code, sound.err);
    assertTrue(sound.out.endsWith("read: sound" + System.lineSeparator()), sound.out);

    Path blob = blob(image.layers().get(1).diffId().digest().hex());
    byte[] bytes = Files.readAllBytes(blob);
    bytes[600] ^= 1;
    Files.write(blob, bytes);
    assertEquals(0, inStore("fsck").code, "without reading it is not seen");
    Result found = inStore("fsck", "--deep");
    assertEquals(1, found.code);
    assertTrue(found.out.contains("layer: docker.io/library/tiny"), found.out);
    assertTrue(found.out.contains("is damaged"), found.out);
    Result mended = inStore("fsck", "--deep", "--repair", "--from", layout);
    assertEquals(0, mended.code, mended.out + mended.err);
    assertTrue(mended.out.contains("(mended)"), mended.out);
    assertEquals(0, inStore("fsck", "--deep").code);

    Path catalogue = directory.resolve("state").resolve("catalogue.db");
    Files.write(catalogue, new byte[8192]);
    failsInOneSentence(1, "fsck --repair", inStore("images"));
    assertEquals(0, inStore("fsck", "--repair").code);
    assertTrue(inStore("images").out.contains("tiny"));

    Files.write(blob.resolveSibling("0".repeat(64)), new byte[1 << 20]);
    assertTrue(inStore("fsck").out.contains("unneeded: "));
    Result freed = inStore("gc");
    assertTrue(freed.out.contains("freed"), freed.out);
    assertFalse(inStore("fsck").out.contains("unneeded: "));
  }

  private Path blob(String hex) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> !file.startsWith(directory.resolve("layout")) && file.endsWith(hex))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void endsWithOneWhenTheRegistryFails() throws IOException {
    try (HostileRegistry registry =
        HostileRegistry.serving(TinyImage.threeLayers(), Fault.MANIFEST_NOT_FOUND)) {
      Result result = inStore("deploy", registry.reference().toString());
      assertEquals(1, result.code);
      assertTrue(result.err.contains("ndocker: "), result.err);
    }
  }

  @Test
  void refusesAnImageThatIsNotSignedByTheKey() throws Exception {
    Path key = Files.writeString(directory.resolve("cosign.pub"), SigningKey.ecdsa().publicPem());
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE)) {
      String image = registry.reference().toString();
      Result result = inStore("deploy", "--trust-key", key.toString(), image);
      failsInOneSentence(1, "is refused: the policy wants it signed", result);
      assertEquals("", inStore("images").out);
      failsInOneSentence(
          1, "no-key: is not there", inStore("deploy", "--trust-key", "no-key", image));
      Result fromFile = inStore("deploy", "--trust-key", key.toString(), "--from", "file", image);
      assertEquals(2, fromFile.code);
      assertTrue(fromFile.err.contains("not for --from"), fromFile.err);
    }
  }
}
