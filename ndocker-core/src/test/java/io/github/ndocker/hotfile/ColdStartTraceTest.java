package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.rootfs.Kernel;
import io.github.ndocker.rootfs.Providers;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.rootfs.SeenSuperblocks;
import io.github.ndocker.rootfs.SmallTree;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.OciRuntime;
import io.github.ndocker.runtime.Probe;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColdStartTraceTest {
  private static final int BLOCK = 64 << 10;

  @TempDir Path directory;
  private final SeenSuperblocks superblocks = new SeenSuperblocks();

  @BeforeEach
  void needsRoot() {
    LoopMount.assumePossible();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(Kernel.NOTHING, Kernel.holds(directory, superblocks));
  }

  private RootFilesystem mount(TarBuilder tar) throws IOException {
    SmallTree tree = SmallTree.of(tar.finished(), directory.resolve("tree"));
    return Providers.in(directory, RootfsWay.EROFS_FILES)
        .mount(
            "one",
            tree.source(false),
            RootfsOptions.writableIn(directory.resolve("writable")),
            superblocks::add);
  }

  private static TarBuilder bytes(TarBuilder tar, String name, int size) {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) 'x');
    return tar.entry('0', name, "", content);
  }

  private static TarBuilder script(TarBuilder tar, String name) {
    return tar.entry('0', name, "", "#!/bin/true\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static void read(Path file, long offset, int length) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(offset);
      in.readFully(new byte[length]);
    }
  }

  private static Optional<HotFile> find(TraceFindings found, String path) {
    return found.hotFiles().stream().filter(file -> file.path().equals(path)).findFirst();
  }

  @Test
  void findsExactlyThePagesThatWereReadInTheOrderOfFirstAccess() throws IOException {
    TarBuilder tar = new TarBuilder();
    bytes(bytes(bytes(tar, "a", 4 * BLOCK + 100), "b", 10_000), "never", BLOCK);
    try (RootFilesystem mounted = mount(tar);
        ColdStartTrace trace = new ColdStartTrace(mounted.root(), mounted.image(), false)) {
      Path root = mounted.root();
      read(root.resolve("b"), 9_999, 1);
      read(root.resolve("a"), 0, BLOCK);
      read(root.resolve("a"), 2L * BLOCK, BLOCK);
      read(root.resolve("b"), 0, 1);
      Files.newInputStream(root.resolve("a")).close();
      TraceFindings found = trace.finish();
      assertEquals(List.of(), found.gaps());
      assertEquals(
          List.of(
              new HotFile("/b", List.of(new ByteRange(0, 4096), new ByteRange(8192, 1808))),
              new HotFile(
                  "/a", List.of(new ByteRange(0, BLOCK), new ByteRange(2L * BLOCK, BLOCK)))),
          found.hotFiles());
    }
  }

  @Test
  void tellsWhatOfALargeFileWasReadLater() throws Exception {
    AtomicLong now = new AtomicLong();
    Semaphore takes = new Semaphore(0);
    try (RootFilesystem mounted = mount(script(bytes(new TarBuilder(), "large", 2 << 20), "run"));
        ColdStartTrace trace =
            new ColdStartTrace(mounted.root(), mounted.image(), false, takes::release, now::get)) {
      Path root = mounted.root();
      assertTrue(root.resolve("run").toFile().setExecutable(true));
      run(root.resolve("run").toString());
      read(root.resolve("large"), 5L * BLOCK, BLOCK);
      awaitLook(takes);
      now.set(30_000_000);
      awaitLook(takes);
      read(root.resolve("large"), 4L * BLOCK, 3 * BLOCK);
      ProfiledFile large =
          trace.finish().files().stream()
              .filter(file -> file.path().equals("/large"))
              .findFirst()
              .orElseThrow();
      assertEquals(
          List.of(
              new CountedRange(4L * BLOCK, BLOCK, 1, 2),
              new CountedRange(5L * BLOCK, BLOCK, 1, 0),
              new CountedRange(6L * BLOCK, BLOCK, 1, 2)),
          large.ranges());
    }
  }

  @Test
  void isQuietFromTheFirstProgramOnAtTheEarliest() throws Exception {
    AtomicLong now = new AtomicLong();
    Semaphore takes = new Semaphore(0);
    try (RootFilesystem mounted = mount(script(new TarBuilder(), "run"));
        ColdStartTrace trace =
            new ColdStartTrace(mounted.root(), mounted.image(), false, takes::release, now::get)) {
      Path program = mounted.root().resolve("run");
      assertTrue(program.toFile().setExecutable(true));
      read(program, 0, 1);
      awaitLook(takes);
      now.set(1_000_000_000);
      run(program.toString());
      awaitLook(takes);
      now.addAndGet(5);
      assertEquals(5, trace.quietNanos());
    }
  }

  /** Until the watching thread has taken all events there are, and then looked. */
  private static void awaitLook(Semaphore takes) throws InterruptedException {
    takes.drainPermits();
    takes.acquire(3);
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  @Test
  void saysThatPagesWereDroppedWhenAProgramThatRanHasNone() throws Exception {
    TarBuilder tar = new TarBuilder();
    for (String name : List.of("run", "replaced", "removed")) {
      script(tar, name);
    }
    try (RootFilesystem mounted = mount(tar);
        ColdStartTrace trace = new ColdStartTrace(mounted.root(), mounted.image(), false)) {
      Path root = mounted.root();
      Files.delete(root.resolve("replaced"));
      Files.writeString(root.resolve("replaced"), "#!/bin/true\n# of the container\n");
      for (String name : List.of("run", "replaced", "removed")) {
        assertTrue(root.resolve(name).toFile().setExecutable(true));
        run(root.resolve(name).toString());
      }
      Files.delete(root.resolve("removed"));
      for (String name : List.of("run", "removed")) {
        Path file = mounted.image().resolve(name);
        run("dd", "if=" + file, "of=/dev/null", "iflag=nocache", "count=0", "status=none");
      }
      assertEquals(
          List.of("the kernel has dropped pages that were read, such as those of /run"),
          trace.finish().gaps());
    }
  }

  @Test
  void leavesOutWhatTheContainerMadeItself() throws IOException {
    Path host = Files.writeString(directory.resolve("host"), "of the host");
    TarBuilder tar = bytes(new TarBuilder(), "file", 5_000);
    tar.symlink("link", directory.toString());
    try (RootFilesystem mounted = mount(tar);
        ColdStartTrace trace = new ColdStartTrace(mounted.root(), mounted.image(), false)) {
      Path root = mounted.root();
      Files.writeString(root.resolve("new"), "new");
      read(root.resolve("new"), 0, 3);
      Files.delete(root.resolve("file"));
      Files.createDirectory(root.resolve("file"));
      Files.writeString(root.resolve("file/below"), "new");
      Files.delete(root.resolve("link"));
      Files.createDirectory(root.resolve("link"));
      Files.writeString(root.resolve("link/host"), "not that of the host");
      assertEquals(List.of(), trace.finish().hotFiles());
    }
    assertEquals("of the host", Files.readString(host));
  }

  /** The kernel keeps 16,384 events of a bounded queue by default; nothing is taken meanwhile. */
  @Test
  void saysThatTheKernelDroppedEvents() throws IOException {
    // in one read: such a file has an end after whatever the first one took
    Path limit = Path.of("/proc/sys/fs/fanotify/max_queued_events");
    int most = Integer.parseInt(Files.readAllLines(limit).get(0));
    Assumptions.assumeTrue(most <= 100_000, "the queue of this host is long");
    CountDownLatch full = new CountDownLatch(1);
    try (RootFilesystem mounted = mount(bytes(new TarBuilder(), "a", 10));
        ColdStartTrace trace =
            new ColdStartTrace(
                mounted.root(),
                mounted.image(),
                true,
                () -> awaitUninterruptibly(full),
                System::nanoTime)) {
      read(mounted.root().resolve("a"), 0, 1);
      for (int i = 0; i <= most; i++) {
        Files.createFile(mounted.root().resolve("made" + i));
      }
      full.countDown();
      TraceFindings found = trace.finish();
      assertEquals(1, found.gaps().size());
      assertTrue(found.gaps().get(0).contains("dropped"), found.gaps().toString());
      assertTrue(find(found, "/a").isPresent(), "what was not dropped is kept");
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A name in another encoding, as images of long ago have them. */
  @Test
  void saysThatAFileWasReadWhoseNameItCannotSpell() throws Exception {
    Path names = Files.createDirectory(directory.resolve("names"));
    run(
        "sh",
        "-c",
        "cd '" + names + "' && printf x >\"$(printf 'caf\\351')\" && tar -cf ../names.tar *");
    SmallTree tree =
        SmallTree.of(Files.readAllBytes(directory.resolve("names.tar")), directory.resolve("tree"));
    try (RootFilesystem mounted =
            Providers.in(directory, RootfsWay.EROFS_FILES)
                .mount(
                    "one",
                    tree.source(false),
                    RootfsOptions.writableIn(directory.resolve("writable")),
                    superblocks::add);
        ColdStartTrace trace = new ColdStartTrace(mounted.root(), mounted.image(), false)) {
      run("sh", "-c", "cat '" + mounted.root() + "'/caf* >'" + directory.resolve("read") + "'");
      TraceFindings found = trace.finish();
      assertEquals(List.of(), found.hotFiles());
      assertEquals(
          List.of("files were read whose names this process's locale cannot spell"), found.gaps());
    }
  }

  @Test
  void findsAFileThatIsDeletedBeforeItsEventIsTaken() throws IOException {
    CountDownLatch gone = new CountDownLatch(1);
    try (RootFilesystem mounted = mount(bytes(new TarBuilder(), "a", 10_000));
        ColdStartTrace trace =
            new ColdStartTrace(
                mounted.root(),
                mounted.image(),
                false,
                () -> awaitUninterruptibly(gone),
                System::nanoTime)) {
      read(mounted.root().resolve("a"), 4096, 1);
      Files.delete(mounted.root().resolve("a"));
      gone.countDown();
      assertEquals(
          List.of(new HotFile("/a", List.of(new ByteRange(4096, 4096)))),
          trace.finish().hotFiles());
    }
  }

  @Test
  void seesWhatAContainerReads() throws IOException {
    Probe.assumeContainers();
    byte[] program = Files.readAllBytes(Probe.compile(directory.resolve("compiled")));
    TarBuilder tar = new TarBuilder().entry('0', "probe", "", program);
    bytes(tar, "data", 3 * BLOCK);
    Path bundle = Files.createDirectory(directory.resolve("bundle"));
    try (RootFilesystem mounted = mount(tar)) {
      // the tars of this builder have mode 0644
      Files.setAttribute(mounted.root().resolve("probe"), "unix:mode", 0100755);
      ContainerSpec spec =
          new ContainerSpec(
              List.of("/probe", "read", "/data", "" + BLOCK, "4096", "write", "/new"),
              List.of(),
              "/",
              "",
              List.of());
      String id = "ndocker-trace-" + ProcessHandle.current().pid();
      try (ColdStartTrace trace = new ColdStartTrace(mounted.root(), mounted.image(), false);
          Container container =
              new OciRuntime(directory.resolve("state")).start(id, spec, mounted.root(), bundle)) {
        container.awaitReady(new Readiness.Exits(""), Duration.ofSeconds(30));
        TraceFindings found = trace.finish();
        assertEquals(
            List.of(new ByteRange(BLOCK, 4096)), find(found, "/data").orElseThrow().ranges());
        assertTrue(find(found, "/probe").isPresent());
        assertFalse(find(found, "/new").isPresent());
      }
      assertEquals("new", Files.readString(mounted.root().resolve("new"), StandardCharsets.UTF_8));
    }
  }
}
