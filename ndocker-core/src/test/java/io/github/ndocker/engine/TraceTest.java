package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledChange.Kind;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.api.ProfiledProcess;
import io.github.ndocker.api.ProfiledRun;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.runtime.ContainerException;
import io.github.ndocker.runtime.Probe;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ProfileRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces of real containers. */
class TraceTest {
  private static final TraceEnd READY =
      TraceEnd.ready(new Readiness.Prints("ready")).within(Duration.ofSeconds(60));

  @TempDir Path directory;
  private Host host;
  private Optional<BusyProgram> program = Optional.empty();

  @BeforeEach
  void deploy() throws IOException {
    LoopMount.assumePossible();
    Probe.assumeContainers();
    host = Host.in(directory);
    BusyProgram busy = BusyProgram.compile(directory.resolve("compiled"));
    program = Optional.of(busy);
    OciLayout layout = OciLayout.open(busy.writeLayout(directory.resolve("layout")));
    try (NDocker engine = host.open()) {
      engine.deploy(BusyProgram.reference(), layout, progress -> {});
    }
  }

  @AfterEach
  void nothingIsLeftMounted() throws IOException {
    assertEquals(
        List.of(),
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .filter(line -> line.contains(directory.toString()))
            .toList());
  }

  private static Profile trace(NDocker engine, String workload, TraceEnd end, String... program)
      throws IOException {
    return trace(engine, workload, TraceOptions.until(end), program);
  }

  private static Profile trace(
      NDocker engine, String workload, TraceOptions options, String... program) throws IOException {
    return engine.trace(BusyProgram.reference(), workload, BusyProgram.spec(program), options);
  }

  private static Optional<ProfiledFile> find(Profile profile, String path) {
    return profile.files().stream().filter(file -> file.path().equals(path)).findFirst();
  }

  private static List<ByteRange> ranges(Profile profile, String path) {
    return find(profile, path).orElseThrow(() -> new AssertionError(path)).readBy(1).ranges();
  }

  private static List<ByteRange> page(long number) {
    return List.of(new ByteRange(4096 * number, 4096));
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void followsForksProgramsRunByTheirFilesMapsAndDaemons(String runtime) throws IOException {
    try (NDocker engine = host.builder().runtime(runtime).open()) {
      Profile profile = trace(engine, "w", READY, "all");
      assertTrue(profile.complete(), profile.gaps().toString());
      assertEquals(page(2), ranges(profile, "/read"));
      assertEquals(page(4), ranges(profile, "/mapped"));
      assertEquals(page(0), ranges(profile, "/child"));
      assertEquals(page(1), ranges(profile, "/daemon"));
      assertEquals(page(0), ranges(profile, "/deleted"));
      // the kernel has copied all of it from the image
      assertEquals(BusyProgram.FILE_BYTES, find(profile, "/written").orElseThrow().bytes());
      // what was read is another file of that name
      assertEquals(0, find(profile, "/replaced").map(ProfiledFile::bytes).orElse(0L));
      assertFalse(find(profile, "/never").isPresent());
      assertFalse(find(profile, "/made").isPresent());
      assertEquals(
          List.of(
              new ProfiledChange("/deleted", Kind.DELETED),
              new ProfiledChange("/made", Kind.CREATED),
              new ProfiledChange("/replaced", Kind.CHANGED),
              new ProfiledChange("/written", Kind.CHANGED)),
          profile.changes());
      int busy = profile.processes().indexOf(new ProfiledProcess("/busy", -1));
      assertTrue(busy >= 0, profile.processes().toString());
      assertTrue(
          profile.processes().contains(new ProfiledProcess("/other", busy)),
          profile.processes().toString());
      assertTrue(profile.files().stream().allMatch(file -> file.origin().isPresent()));
      assertEquals(ProfiledRun.End.READY, profile.ends().get(0).end());
    }
  }

  @Test
  void readsTheSameInEveryRunAndMergesThem() throws IOException {
    try (NDocker engine = host.open()) {
      Profile one = trace(engine, "w", READY, "all");
      Profile two = trace(engine, "w", READY, "all");
      // the same pages; when they were read is a matter of milliseconds
      assertEquals(one.hotFiles(), two.hotFiles());
      assertEquals(one.processes(), two.processes());
      assertEquals(one.changes(), two.changes());
      Profile kept = engine.profiles(BusyProgram.reference()).get(0);
      assertEquals(one.merge(two), kept);
      assertEquals(2, kept.runs());
      assertEquals(one.hotFiles(), kept.hotFiles(1));
      trace(engine, "w", TraceOptions.until(READY).withReplacing(), "all");
      assertEquals(1, engine.profiles(BusyProgram.reference()).get(0).runs());
    }
  }

  @Test
  void isExportedImportedMergedAndFittedToARebuiltImage() throws IOException {
    try (NDocker engine = host.open()) {
      Profile traced = trace(engine, "w", READY, "all");
      String document = engine.exportProfile(BusyProgram.reference(), "w");
      ProfileImport copy = engine.importProfile(BusyProgram.reference(), "copy", document, false);
      assertEquals(traced.withWorkload("copy"), copy.profile());
      assertEquals(
          2, engine.importProfile(BusyProgram.reference(), "w", document, false).profile().runs());
      assertEquals(
          "/never",
          engine
              .importProfile(BusyProgram.reference(), "listed", "/nev*\n", false)
              .profile()
              .files()
              .get(0)
              .path());
      BusyProgram rebuilt = program.orElseThrow().rebuilt();
      engine.deploy(
          BusyProgram.reference(),
          OciLayout.open(rebuilt.writeLayout(directory.resolve("layout2"))),
          progress -> {});
      assertEquals(List.of(), engine.profiles(BusyProgram.reference()));
      ProfileImport fitted = engine.importProfile(BusyProgram.reference(), "w", document, false);
      assertEquals(traced.files(), fitted.profile().files());
      assertEquals(fitted.bytes(), fitted.keptBytes());
      assertTrue(engine.promote(BusyProgram.reference(), "w").packedBytes() > 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "/../etc/passwd",
        "/missing",
        "{\"format\":\"ndocker-profile\",\"version\":9}",
        "PAST",
        "OUT",
        ""
      })
  void changesNothingForAHostileProfile(String text) throws IOException {
    try (NDocker engine = host.open()) {
      engine.importProfile(BusyProgram.reference(), "w", "/read", false);
      String before = engine.exportProfile(BusyProgram.reference(), "w");
      String hostile =
          switch (text) {
            case "PAST" ->
                before.replaceAll(
                    "(?s)\"layer\".*\"ranges\": .*?\\]\\]", "\"ranges\": [[65536, 1, 1]]");
            case "OUT" -> before.replace("\"/read\"", "\"/../read\"");
            default -> text;
          };
      assertThrows(
          io.github.ndocker.hotfile.MalformedProfileException.class,
          () -> engine.importProfile(BusyProgram.reference(), "w", hostile, false));
      assertEquals(before, engine.exportProfile(BusyProgram.reference(), "w"));
      assertThrows(
          NotTracedException.class, () -> engine.exportProfile(BusyProgram.reference(), "other"));
    }
  }

  @Test
  void endsWhenNoNewFileIsOpenedOrTheTimeIsUpOrTheHostSaysSo() throws Exception {
    try (NDocker engine = host.open()) {
      Profile quiet = trace(engine, "quiet", TraceEnd.quiet(Duration.ofMillis(100)), "wait");
      assertEquals(ProfiledRun.End.QUIET, quiet.ends().get(0).end());
      assertEquals(page(0), ranges(quiet, "/read"));
      assertTrue(quiet.complete());
      TraceEnd never = TraceEnd.ready(new Readiness.Prints("never"));
      Profile late = trace(engine, "late", never.within(Duration.ofMillis(700)), "wait");
      assertEquals(ProfiledRun.End.TIME_LIMIT, late.ends().get(0).end());
      assertTrue(late.gaps().toString().contains("not ready"), late.gaps().toString());
      TraceSignal signal = new TraceSignal();
      TraceOptions options = TraceOptions.until(never.orSignal(signal));
      try (TracedStart start =
          engine.startTraced(BusyProgram.reference(), BusyProgram.spec("wait"), options)) {
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<?> given =
            other.submit(
                () -> {
                  start
                      .running()
                      .container()
                      .awaitReady(new Readiness.Prints("waiting"), Duration.ofSeconds(30));
                  signal.give();
                  return null;
                });
        Profile signalled = start.finish("signalled");
        given.get();
        other.shutdown();
        assertEquals(ProfiledRun.End.SIGNAL, signalled.ends().get(0).end());
        assertEquals(page(0), ranges(signalled, "/read"));
        assertTrue(signalled.complete());
      }
      Profile ended = trace(engine, "ended", TraceEnd.after(Duration.ofSeconds(60)), "end");
      assertEquals(ProfiledRun.End.EXIT, ended.ends().get(0).end());
      assertEquals(
          List.of("ended", "late", "quiet", "signalled"),
          engine.profiles(BusyProgram.reference()).stream().map(Profile::workload).toList());
    }
  }

  @Test
  void keepsAProfileThatCanBeReadWhateverNamesAContainerChooses() throws IOException {
    try (NDocker engine = host.open()) {
      trace(engine, "w", READY, "all");
      trace(engine, "w", READY, "deep");
      trace(engine, "w", READY, "all");
      Profile kept = engine.profiles(BusyProgram.reference()).get(0);
      assertEquals(3, kept.runs());
      // the kernel could not name the file either
      assertTrue(kept.gaps().contains("more was changed than is kept"), kept.gaps().toString());
      assertTrue(engine.promote(BusyProgram.reference(), "w").packedBytes() > 0);
    }
  }

  @Test
  void keepsNothingThatCouldNotBeReadAgain() throws IOException {
    try (NDocker engine = host.open()) {
      assertThrows(
          io.github.ndocker.hotfile.MalformedProfileException.class,
          () -> engine.importProfile(BusyProgram.reference(), "w".repeat(9000), "/read", false));
      assertEquals(List.of(), engine.profiles(BusyProgram.reference()));
    }
  }

  @Test
  void doesNotGrowWithEveryRunThatIsMerged() throws IOException {
    try (NDocker engine = host.open()) {
      Profile traced = trace(engine, "w", READY, "all");
      for (int run = 0; run < 2; run++) {
        List<ProfiledChange> made = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
          made.add(new ProfiledChange("/%d-%05d".formatted(run, i), Kind.CREATED));
        }
        Profile more =
            new Profile(
                traced.image(), "w", 1, List.of(), List.of(), traced.files(), List.of(), made);
        engine.importProfile(BusyProgram.reference(), "w", ProfileDocument.write(more), false);
      }
      Profile kept = engine.profiles(BusyProgram.reference()).get(0);
      assertEquals(100_000, kept.changes().size());
      assertEquals(List.of("more was changed than is kept"), kept.gaps());
    }
  }

  @Test
  void replacesAProfileThatCannotBeReadAndMergesNothingIntoIt() throws IOException {
    ChainId image;
    try (NDocker engine = host.open()) {
      image = engine.inspect(BusyProgram.reference()).chainId();
    }
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      catalogue.profiles().put(new ProfileRecord(image, "w", "{}"));
    }
    try (NDocker engine = host.open()) {
      assertThrows(
          io.github.ndocker.hotfile.MalformedProfileException.class,
          () -> trace(engine, "w", READY, "all"));
      trace(engine, "w", TraceOptions.until(READY).withReplacing(), "all");
      assertEquals(1, engine.profiles(BusyProgram.reference()).get(0).runs());
    }
  }

  @Test
  void aPromotionLeavesContainersThatRunTheirFiles() throws IOException {
    Path go = Files.createDirectory(directory.resolve("go"));
    try (NDocker engine = host.open()) {
      trace(engine, "w", READY, "all");
      try (RunningContainer before = engine.start(BusyProgram.reference(), BusyProgram.later(go))) {
        before.container().awaitReady(new Readiness.Prints("waiting"), Duration.ofSeconds(60));
        engine.promote(BusyProgram.reference(), "w");
        // it changes hot files of the image, too
        try (RunningContainer after =
            engine.start(BusyProgram.reference(), BusyProgram.spec("all"))) {
          after.container().awaitReady(new Readiness.Prints("ready"), Duration.ofSeconds(60));
        }
        Files.createFile(go.resolve("on"));
        before.container().awaitReady(new Readiness.Prints("ready"), Duration.ofSeconds(60));
      }
    }
  }

  @Test
  void keepsNoProfileOfAContainerThatFails() throws IOException {
    try (NDocker engine = host.open()) {
      for (TraceEnd end :
          List.of(
              READY,
              TraceEnd.quiet(Duration.ofMinutes(1)),
              TraceEnd.after(Duration.ofMinutes(1)))) {
        ContainerException failure =
            assertThrows(ContainerException.class, () -> trace(engine, "w", end, "fail"));
        assertTrue(failure.getMessage().contains("exit code 9"), failure.getMessage());
      }
      assertEquals(List.of(), engine.profiles(BusyProgram.reference()));
    }
  }

  @Test
  void tracesTwentyAtOnceUnderLoad() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(21);
    try (NDocker engine = host.open()) {
      Profile alone = trace(engine, "alone", READY, "all");
      List<Callable<Profile>> traces = new ArrayList<>();
      traces.add(() -> trace(engine, "load", READY, "many", "" + BusyProgram.MANY));
      for (int i = 0; i < 20; i++) {
        String workload = "w" + i % 2;
        traces.add(() -> trace(engine, workload, READY, "all"));
      }
      // all have ended before anything of them is looked at
      List<Future<Profile>> ended = threads.invokeAll(traces);
      Profile load = ended.get(0).get();
      assertTrue(load.complete(), load.gaps().toString());
      assertEquals(BusyProgram.MANY, load.changes().size());
      for (Future<Profile> trace : ended.subList(1, ended.size())) {
        // the same reads from the same places, if not at the same moments
        assertEquals(alone.hotFiles(), trace.get().hotFiles());
        assertEquals(
            alone.files().stream().map(ProfiledFile::origin).toList(),
            trace.get().files().stream().map(ProfiledFile::origin).toList());
        assertEquals(alone.changes(), trace.get().changes());
        assertEquals(alone.processes(), trace.get().processes());
      }
      for (Profile kept : engine.profiles(BusyProgram.reference())) {
        if (kept.workload().startsWith("w")) {
          assertEquals(10, kept.runs());
          assertEquals(alone.hotFiles(), kept.hotFiles(1));
        }
      }
    } finally {
      threads.shutdown();
    }
  }
}
