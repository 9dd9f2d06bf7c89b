package io.github.ndocker.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.StartCommand;
import io.github.ndocker.hotfile.MemoryImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that want the analysis to fail, to run for ever, or to read everything. */
class HostileImageTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long MOST_READ = 100L << 20;

  /** By a prediction, which keeps far less. */
  private static final long MOST_ALLOCATED = 512L << 20;

  private static final int MOST_OF_A_SCRIPT = 1 << 20;

  /** To see what kind of file it is. */
  private static final int PEEKED = 8 << 10;

  /** What runs them. */
  private static final Map<String, List<String>> SCRIPTS =
      Map.of(
          "s", List.of("sh"),
          "s.py", List.of("python3"),
          "s.js", List.of("node"),
          "s.rb", List.of("ruby"),
          "s.pl", List.of("perl"),
          "s.php", List.of("php"),
          "s.go", List.of("go", "run"));

  private static HotSet predict(MemoryImage image, String... command) {
    HotSet predicted =
        assertTimeout(SOON, () -> PredictedFilesTest.predict(image, "", List.of(), command));
    assertTrue(image.bytesRead() < MOST_READ, image.bytesRead() + " bytes read");
    return predicted;
  }

  private static void assertTakesLittleMemory(MemoryImage image, String... command) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    predict(image, command);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < MOST_ALLOCATED, allocated + " bytes allocated");
  }

  @Test
  void linksInCirclesLeadNowhere() throws IOException {
    MemoryImage image =
        PredictedFilesTest.image()
            .link("/usr/bin/a", "b")
            .link("/usr/bin/b", "a")
            .link("/loop", "loop/loop/loop")
            .link("/up", "../../../../up2/./x")
            .link("/up2", "/usr/bin");
    ImageView view = new ImageView(image);
    assertTrue(view.find("/usr/bin/a").isEmpty());
    assertTrue(view.find("/loop/x").isEmpty());
    assertTrue(view.find("/up").isEmpty());
    assertEquals("/usr/bin/dash", view.find("/up2/../bin/./dash").orElseThrow().path());
    assertEquals("/usr/bin/dash", view.find("/../..//bin/sh").orElseThrow().path());
    predict(image, "a");
  }

  @Test
  void interpretersOfInterpretersEnd() {
    MemoryImage image = PredictedFilesTest.image();
    for (int i = 0; i < 3000; i++) {
      image.file("/usr/bin/s" + i, "#!/usr/bin/s" + (i + 1) % 3000 + " arg\necho\n");
    }
    image.file("/usr/bin/self", "#!/usr/bin/self\n");
    assertFalse(predict(image, "s0").files().isEmpty());
    predict(image, "self");
  }

  @Test
  void aMillionNeededLibrariesAreNotLookedUp() {
    String[] names = new String[1_000_000];
    for (int i = 0; i < names.length; i++) {
      names[i] = "l" + i;
    }
    MemoryImage image = PredictedFilesTest.image();
    image.file("/usr/bin/greedy", new ElfBuilder().needs(names).bytes());
    HotSet predicted = predict(image, "greedy");
    assertTrue(predicted.files().stream().anyMatch(file -> file.path().equals("/usr/bin/greedy")));
  }

  @Test
  void runPathsWithoutEndAreCut() throws IOException {
    ElfBuilder far = new ElfBuilder();
    for (int i = 0; i < 100; i++) {
      far.runPath("/d:".repeat(300));
    }
    ImageView view = new ImageView(PredictedFilesTest.image().file("/usr/bin/far", far.bytes()));
    Located file = view.find("/usr/bin/far").orElseThrow();
    int places = ElfFile.of(view, file).orElseThrow().runPath().size();
    assertTrue(places > 0 && places <= 100, places + " places");
  }

  @Test
  void librariesInCirclesAreEachTakenOnce() {
    MemoryImage image = PredictedFilesTest.image();
    for (int i = 0; i < 200; i++) {
      String next = "lib" + (i + 1) % 200 + ".so";
      image.file("/usr/lib/lib" + i + ".so", new ElfBuilder().needs(next, "lib0.so").bytes());
    }
    image.file("/usr/bin/round", new ElfBuilder().needs("lib0.so").bytes());
    List<HotFile> files = predict(image, "round").files();
    assertEquals(files.size(), files.stream().map(HotFile::path).distinct().count());
  }

  @Test
  void randomHeadersAreNoError() throws IOException {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    System.out.println("-Dndocker.seed=" + seed);
    Random random = new Random(seed);
    byte[] good =
        new ElfBuilder().interpreter("/lib64/ld-linux-x86-64.so.2").needs("libc.so.6").bytes();
    for (int round = 0; round < 500; round++) {
      byte[] elf = good.clone();
      ByteBuffer buffer = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        int at = random.nextInt(64 + 5 * 56 + 32) & ~7;
        long value = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextInt(9);
        buffer.putLong(at, random.nextInt(3) == 0 ? value : random.nextInt(1 << 16));
      }
      elf[0] = 0x7f;
      elf[1] = 'E';
      elf[2] = 'L';
      elf[3] = 'F';
      elf[4] = (byte) (1 + random.nextInt(2));
      MemoryImage image = PredictedFilesTest.image().file("/usr/bin/odd", elf);
      for (HotFile file : PredictedFilesTest.predict(image, "", List.of(), "odd").files()) {
        long size = image.find(file.path()).orElseThrow().size();
        file.ranges().forEach(range -> assertTrue(range.end() <= size, file.toString()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".a", "::a", "/a", "-a", "(a", ",a", "a,\n", "\"a\",", " a"})
  void anEndlessNameTakesNoEndlessStack(String unit) {
    String name = unit.repeat(200_000 / unit.length());
    for (String before : List.of("import a", "from a", "from a import (a", "use a", "'a", "\"a")) {
      String text = before + name + "'\"\n" + "require '" + name + "';\n";
      MemoryImage image = PredictedFilesTest.image().file("/etc/x.conf", text);
      for (String interpreter : List.of("python3", "node", "ruby", "perl", "php", "go")) {
        image.file("/usr/bin/" + interpreter, PredictedFilesTest.program());
        image.file("/s." + interpreter, text);
      }
      image.file("/usr/lib/python3.11/os.py", text);
      for (String interpreter : List.of("python3", "node", "ruby", "perl", "php")) {
        predict(image, interpreter, "/s." + interpreter, "/etc/x.conf");
      }
      predict(image, "go", "run", "/s.go");
      predict(image, "sh", "/s.go");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$((",
        "${",
        "${a:-",
        "`",
        "\"",
        "'",
        "((((",
        "a=b ",
        "exec ",
        ". /s\n",
        "; x",
        "\\",
        "$@ ",
        "${a}/bin/x ",
        "#",
        "/usr/bin/* ",
        "*/*/*/* ",
        "import a\n",
        "from . import (",
        "x;\n"
      })
  void anEndlessScriptIsReadOnceAndEnds(String unit) {
    String text = unit.repeat(60_000 / unit.length());
    for (String name : SCRIPTS.keySet()) {
      MemoryImage image = ofScript(name, text);
      // a shell script may read itself in, and that one itself
      assertReadAtMost(3L * text.length(), image, name);
      predict(image, "sh", "-c", text.substring(0, Math.min(30_000, text.length())));
    }
  }

  @Test
  void anEndlessScriptIsReadOnlySoFar() {
    String text = "import a\n".repeat(100) + "\n".repeat(4 * MOST_OF_A_SCRIPT);
    for (String name : SCRIPTS.keySet()) {
      assertReadAtMost(MOST_OF_A_SCRIPT, ofScript(name, text), name);
    }
  }

  @Test
  void aLongVariableInEveryWordIsNotKeptInEveryWord() {
    StringBuilder arguments = new StringBuilder("x=" + "a".repeat(4_000) + "\n");
    StringBuilder variables = new StringBuilder(arguments);
    for (int i = 0; i < 50; i++) {
      arguments.append("/bin/true -").append(i).append(" $x".repeat(1_990)).append('\n');
    }
    for (int i = 0; i < 49_000; i++) {
      variables.append('v').append(i).append("=$x\n");
    }
    for (String script : List.of(arguments.toString(), variables.toString())) {
      MemoryImage image =
          PredictedFilesTest.image()
              .file("/usr/bin/true", PredictedFilesTest.program())
              .file("/a", script)
              .file("/b", script)
              .file("/c", script);
      assertTakesLittleMemory(image, "sh", "-c", "/a; /b; /c");
    }
  }

  @Test
  void startsAreFollowedOnlyUntilTheirWordsAreTooLong() throws IOException {
    MemoryImage image =
        PredictedFilesTest.image().file("/usr/bin/last", PredictedFilesTest.program());
    ImageView view = new ImageView(image);
    StartScan scan = new StartScan(view, new StartCommand(List.of("sh"), List.of(), ""));
    for (int i = 0; i < 20; i++) {
      scan.run(List.of("sh", i + "a".repeat(1 << 20)), "/", Certainty.LIKELY);
    }
    scan.run(List.of("last"), "/", Certainty.LIKELY);
    scan.follow(List.of("sh"));
    assertTrue(scan.found().of(view.find("/usr/bin/sh").orElseThrow()).isPresent());
    assertTrue(scan.found().of(view.find("/usr/bin/last").orElseThrow()).isEmpty());
  }

  @Test
  void aLongModuleIsNotKeptWithEachOfItsNames() {
    StringBuilder text = new StringBuilder();
    for (String letter : List.of("a", "b")) {
      text.append("from ").append(letter.repeat(500_000)).append(" import c0");
      for (int i = 1; i < 500; i++) {
        text.append(",c").append(i);
      }
      text.append('\n');
    }
    assertTakesLittleMemory(ofScript("s.py", text.toString()), "python3", "/s.py");
  }

  @Test
  void aLongPatternIsNotKeptWithEachOfItsMatches() {
    MemoryImage image =
        PredictedFilesTest.image().file("/j/bin/java", PredictedFilesTest.program());
    for (int i = 0; i < 2_000; i++) {
      image.directory("/d" + i);
    }
    String path = "/*/" + "a".repeat(1 << 20) + "/*";
    assertTakesLittleMemory(image, "/j/bin/java", "-cp", path, "Main");
  }

  @Test
  void longPathsAreLookedUpOnlySoFar() throws IOException {
    ImageView view = new ImageView(PredictedFilesTest.image());
    for (int i = 0; i < 20_000; i++) {
      assertTrue(view.find("/" + "a".repeat(4_000) + i).isEmpty());
    }
    assertTrue(view.find("/etc/passwd").isEmpty());
  }

  @Test
  void longNamesAreListedOnlySoFar() throws IOException {
    MemoryImage image = PredictedFilesTest.image();
    for (int i = 0; i < 250_000; i++) {
      image.file("/many" + i / 1_000 + "/" + "n".repeat(250) + i, "");
    }
    ImageView view = new ImageView(image);
    assertEquals(1_000, view.list("/many0").size());
    for (int i = 1; i < 250; i++) {
      view.list("/many" + i);
    }
    assertTrue(view.find("/etc/passwd").isEmpty());
  }

  private static MemoryImage ofScript(String name, String text) {
    MemoryImage image = PredictedFilesTest.image().file("/" + name, text).file("/x", "");
    for (String interpreter : List.of("python3", "node", "ruby", "perl", "php", "go")) {
      image.file("/usr/bin/" + interpreter, PredictedFilesTest.program());
    }
    return image.file("/usr/lib/python3.11/os.py", text);
  }

  private static void assertReadAtMost(long bytes, MemoryImage image, String name) {
    List<String> command = new ArrayList<>(SCRIPTS.get(name));
    command.add("/" + name);
    predict(image, command.toArray(String[]::new));
    long read = image.bytesReadOf("/" + name);
    assertTrue(read > 0 && read <= bytes + PEEKED, read + " bytes of " + command);
  }

  @Test
  void environmentAndArgumentsOfRubbishAreNoError() {
    MemoryImage image = PredictedFilesTest.image();
    String many = "/x:".repeat(100_000);
    for (String path : List.of("", ":", many, "\0", "../../..", "/usr/bin/sh", "${PATH}")) {
      assertTimeout(
          SOON,
          () ->
              PredictedFilesTest.predict(
                  image,
                  path.substring(0, Math.min(path.length(), 100)),
                  List.of(
                      "PATH=" + path,
                      "LD_LIBRARY_PATH=" + path,
                      "PYTHONPATH=" + path,
                      "=",
                      "A",
                      "LANG=" + path),
                  "sh",
                  "",
                  "-c",
                  path,
                  "-",
                  "--"));
    }
    predict(image, "");
    predict(image, "/");
    predict(image, "x/".repeat(100_000));
  }

  @Test
  void directoriesWithoutEndAreNotListedToTheEnd() {
    MemoryImage image = PredictedFilesTest.image();
    for (int i = 0; i < 60_000; i++) {
      image.file("/etc/many/file" + i, "x");
    }
    image.file("/s.sh", "cat /etc/many/*\nfor f in /etc/*/*; do . $f; done\n");
    assertTrue(predict(image, "sh", "/s.sh").files().size() < 10_000);
  }

  @Test
  void aClassImageOrAnArchiveOfRubbishIsTakenAsItIs() {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    System.out.println("-Dndocker.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] modules = new byte[60_000];
      random.nextBytes(modules);
      ByteBuffer header = ByteBuffer.wrap(modules).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(0, 0xcafedada).putInt(16, random.nextInt(3000));
      header.putInt(20, random.nextInt(9000)).putInt(24, random.nextInt(9000));
      byte[] jar = new byte[100_000];
      random.nextBytes(jar);
      jar[jar.length - 22] = 'P';
      jar[jar.length - 21] = 'K';
      jar[jar.length - 20] = 5;
      jar[jar.length - 19] = 6;
      MemoryImage image =
          PredictedFilesTest.image()
              .file("/j/bin/java", PredictedFilesTest.program())
              .file("/j/lib/modules", modules)
              .file("/a.jar", jar);
      for (HotFile file : predict(image, "/j/bin/java", "-jar", "/a.jar").files()) {
        long size = image.find(file.path()).orElseThrow().size();
        file.ranges().forEach(range -> assertTrue(range.end() <= size, file.toString()));
      }
    }
  }
}
