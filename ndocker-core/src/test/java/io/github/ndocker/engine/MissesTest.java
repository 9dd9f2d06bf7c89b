package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.runtime.ContainerException;
import io.github.ndocker.runtime.Probe;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.source.OciLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that read other files than the one that was traced. */
class MissesTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final RefreshOptions UNTIL_END =
      RefreshOptions.by(TraceOptions.until(TraceEnd.after(LONG)));
  private static final RefreshOptions UNTIL_READY =
      RefreshOptions.by(
          TraceOptions.until(TraceEnd.ready(new Readiness.Prints("ready")).within(LONG)));
  private static final int PAGE = 4096;

  @TempDir Path directory;
  private Host host;
  private Optional<BusyProgram> program = Optional.empty();

  @BeforeEach
  void deploy() throws IOException {
    LoopMount.assumePossible();
    Probe.assumeContainers();
    host = Host.in(directory);
    program = Optional.of(BusyProgram.compile(directory.resolve("compiled")));
    try (NDocker engine = host.open()) {
      deploy(engine, program.get(), "layout");
    }
  }

  private void deploy(NDocker engine, BusyProgram busy, String layout) throws IOException {
    engine.deploy(
        BusyProgram.reference(),
        OciLayout.open(busy.writeLayout(directory.resolve(layout))),
        progress -> {});
  }

  private static Refresh refresh(NDocker engine, RefreshOptions options, String... program)
      throws IOException {
    return engine.refresh(BusyProgram.reference(), "w", BusyProgram.spec(program), options);
  }

  private static HotMisses seen(NDocker engine) throws IOException {
    return engine.misses(BusyProgram.reference()).orElseThrow();
  }

  private static byte[] read(RootFilesystem mounted, String path) throws IOException {
    return Files.readAllBytes(mounted.root().resolve(path));
  }

  @Test
  void whatIsReadThroughAMountAndNotPackedIsCountedByFile() throws IOException {
    try (NDocker engine = host.open()) {
      assertTrue(engine.misses(BusyProgram.reference()).isEmpty(), "nothing is mounted");
      try (RootFilesystem before = engine.mount(BusyProgram.reference())) {
        engine.importProfile(BusyProgram.reference(), "w", "/read\n/child\n", false);
        engine.promote(BusyProgram.reference(), "w");
        assertTrue(engine.misses(BusyProgram.reference()).isEmpty(), "it reads ahead");
      }
      try (RootFilesystem mounted = engine.mount(BusyProgram.reference());
          RootFilesystem second = engine.mount(BusyProgram.reference())) {
        assertEquals(0, seen(engine).readBytes());
        read(mounted, "read");
        HotMisses hits = seen(engine);
        assertEquals(2 * BusyProgram.FILE_BYTES, hits.packedBytes());
        assertEquals(BusyProgram.FILE_BYTES, hits.readBytes());
        assertEquals(0, hits.missedBytes());
        assertEquals(1, hits.hitShare());
        read(second, "mapped");
        read(mounted, "never");
        HotMisses misses = seen(engine);
        assertEquals(3 * BusyProgram.FILE_BYTES, misses.readBytes());
        assertEquals(2 * BusyProgram.FILE_BYTES, misses.missedBytes());
        assertEquals(
            List.of(
                new MissedFile("/mapped", BusyProgram.FILE_BYTES, 1),
                new MissedFile("/never", BusyProgram.FILE_BYTES, 1)),
            misses.files());
        assertTrue(misses.isStale());
        assertFalse(misses.isStale(1));
      }
      assertTrue(engine.misses(BusyProgram.reference()).isEmpty(), "nothing is mounted any more");
      assertEquals(List.of(), engine.rootfs().mounted());
    }
  }

  @Test
  void aTracedRunIsComparedPageByPage() throws IOException {
    try (NDocker engine = host.open()) {
      Profile small =
          engine.trace(BusyProgram.reference(), "w", BusyProgram.spec("end"), UNTIL_END.trace());
      HotMisses unpacked = engine.misses(BusyProgram.reference(), small);
      assertEquals(0, unpacked.packedBytes());
      engine.promote(BusyProgram.reference(), "w");
      assertEquals(0, engine.misses(BusyProgram.reference(), small).missedBytes());
      Profile large =
          engine.trace(BusyProgram.reference(), "v", BusyProgram.spec("all"), UNTIL_READY.trace());
      HotMisses misses = engine.misses(BusyProgram.reference(), large);
      assertEquals(large.bytes(), misses.readBytes());
      assertTrue(misses.missedBytes() > 0 && misses.missedBytes() < large.bytes());
      assertTrue(misses.files().contains(new MissedFile("/read", PAGE, 1)), "another page of it");
      for (HotFile file : small.hotFiles()) {
        if (!file.path().equals("/read") && !file.path().equals("/busy")) {
          assertFalse(misses.files().toString().contains(file.path() + ","), file.path());
        }
      }
      engine.promote(BusyProgram.reference(), List.of("w", "v", "w"), PromotionOptions.DEFAULT);
      assertEquals(0, engine.misses(BusyProgram.reference(), large).missedBytes());
      assertEquals(0, engine.misses(BusyProgram.reference(), small).missedBytes());
      assertThrows(
          NotTracedException.class,
          () ->
              engine.promote(BusyProgram.reference(), List.of("w", "x"), PromotionOptions.DEFAULT));
      deploy(engine, program.orElseThrow().rebuilt(), "layout2");
      assertThrows(
          IllegalArgumentException.class, () -> engine.misses(BusyProgram.reference(), large));
    }
  }

  @Test
  void aProfileIsTracedAgainWhenItIsMissingOrStaleAndOnlyThen() throws IOException {
    try (NDocker engine = host.open()) {
      Refresh first = refresh(engine, UNTIL_END, "end");
      assertTrue(first.reasons().toString().contains("no profile"), first.reasons().toString());
      assertTrue(first.promotion().orElseThrow().packedBytes() > 0);
      // nothing is mounted: only a start can tell
      Refresh same = refresh(engine, UNTIL_END, "end");
      assertEquals(List.of(), same.reasons());
      assertEquals(0, same.misses().missedBytes());
      assertTrue(same.promotion().isEmpty());
      assertEquals(2, engine.profiles(BusyProgram.reference()).get(0).runs());
      try (RootFilesystem mounted = engine.mount(BusyProgram.reference())) {
        // it would fail
        Refresh none = refresh(engine, UNTIL_END, "fail");
        assertTrue(none.run().isEmpty() && none.promotion().isEmpty());
        for (String path : List.of("mapped", "child", "never")) {
          read(mounted, path);
        }
        assertTrue(seen(engine).isStale());
        assertThrows(ContainerException.class, () -> refresh(engine, UNTIL_END, "fail"));
        assertEquals(2, engine.profiles(BusyProgram.reference()).get(0).runs());
        Refresh stillRight = refresh(engine, UNTIL_END, "end");
        assertTrue(stillRight.run().isPresent() && stillRight.promotion().isEmpty());
        Refresh stale = refresh(engine, UNTIL_READY, "all");
        assertTrue(stale.reasons().toString().contains("a start misses"), stale.toString());
        assertEquals(stale.run(), Optional.of(engine.profiles(BusyProgram.reference()).get(0)));
        HotMisses after = engine.misses(BusyProgram.reference(), stale.run().orElseThrow());
        assertEquals(0, after.missedBytes());
        assertTrue(after.packedBytes() >= after.readBytes());
      }
      Refresh asked = refresh(engine, UNTIL_END.withAlways(), "end");
      assertEquals(List.of("it was asked for"), asked.reasons());
      // what holds is not thrown away
      assertEquals(2, engine.profiles(BusyProgram.reference()).get(0).runs());
      deploy(engine, program.orElseThrow().rebuilt(), "layout2");
      assertTrue(refresh(engine, UNTIL_END, "end").promotion().isPresent(), "another image");
    }
  }

  @Test
  void otherWorkloadsThatTheImageIsPromotedForStay() throws IOException {
    try (NDocker engine = host.open()) {
      engine.importProfile(BusyProgram.reference(), "other", "/never\n", false);
      engine.promote(BusyProgram.reference(), "other");
      Refresh refreshed = refresh(engine, UNTIL_END, "end");
      assertTrue(refreshed.promotion().isPresent());
      try (RootFilesystem mounted = engine.mount(BusyProgram.reference())) {
        read(mounted, "never");
        assertEquals(0, seen(engine).missedBytes());
        assertEquals(BusyProgram.FILE_BYTES, seen(engine).readBytes());
      }
    }
  }
}
