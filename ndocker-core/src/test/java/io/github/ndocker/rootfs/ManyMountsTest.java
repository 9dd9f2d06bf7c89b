package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Mounts and unmounts again and again, and lets every step of it fail. 200 times, or as often as
 * {@code -Dndocker.mounts} says; with {@code -Dndocker.full=true} 2,000 times.
 */
class ManyMountsTest extends SmallTreeTest {
  private static final int MOUNTS =
      Integer.getInteger("ndocker.mounts", Boolean.getBoolean("ndocker.full") ? 2000 : 200);
  private static final int LIVE = 6;
  private static final int SETTLED = 50;
  private static final long HEAP_SLACK = 8 << 20;

  /** What goes wrong, in the order of the steps. */
  private enum Failure {
    NOTHING,
    NAME_TAKEN,
    WRITABLE_TAKEN,
    NO_QUOTA,
    NO_METADATA,
    DAMAGED_METADATA,
    NO_DEVICE,
    LISTENER,
    BAD_MAP,
    LABEL,
    NO_WORK_DIRECTORY
  }

  @Test
  void leaveNothingWhateverFails() throws IOException {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    System.out.println("many mounts: seed " + seed);
    Random random = new Random(seed);
    Set<Path> mountsBefore = MountTable.mountPoints();
    RootfsProvider provider =
        RootfsProvider.open(
            directory.resolve("mounts"),
            directory.resolve("unpacked"),
            List.of(RootfsWay.values()));
    Deque<RootFilesystem> live = new ArrayDeque<>();
    long descriptors = 0;
    long heap = 0;
    for (int i = 0; i < MOUNTS; i++) {
      attempt(provider, "mount" + i, random, live, "seed " + seed + ", mount " + i);
      while (live.size() > random.nextInt(LIVE)) {
        live.pop().close();
      }
      if (i == SETTLED || i == MOUNTS - 1) {
        while (!live.isEmpty()) {
          live.pop().close();
        }
        long open = descriptors();
        long used = usedHeap();
        assertTrue(descriptors == 0 || open <= descriptors, open + " descriptors, seed " + seed);
        assertTrue(heap == 0 || used < heap + HEAP_SLACK, used + " bytes of heap, seed " + seed);
        descriptors = open;
        heap = used;
      }
    }
    assertEquals(List.of(), provider.mounted());
    assertEquals(mountsBefore, MountTable.mountPoints());
    assertEquals(Kernel.NOTHING, Kernel.holds(directory, superblocks));
    for (String parent : List.of("mounts/roots", "mounts/trees", "writable")) {
      try (Stream<Path> left = Files.list(directory.resolve(parent))) {
        assertEquals(List.of(), left.toList(), "seed " + seed);
      }
    }
  }

  private void attempt(
      RootfsProvider provider,
      String name,
      Random random,
      Deque<RootFilesystem> live,
      String subject)
      throws IOException {
    Failure[] failures = Failure.values();
    // as often well as badly
    Failure failure =
        random.nextBoolean() ? Failure.NOTHING : failures[random.nextInt(failures.length)];
    Path layers = directory.resolve("writable");
    RootfsOptions options =
        random.nextInt(4) == 0 ? RootfsOptions.READ_ONLY : RootfsOptions.writableIn(layers);
    boolean own = random.nextBoolean();
    ErofsSource source = tree.source(random.nextBoolean());
    SuperblockListener listener = superblocks::add;
    switch (failure) {
      case NOTHING -> {
        options = own ? options.withOwnTree() : options;
        live.push(provider.mount(name, source, options, listener));
        assertEquals(SmallTree.TEXT, Files.readString(live.element().root().resolve("etc/motd")));
        return;
      }
      case NAME_TAKEN -> {
        try (RootFilesystem first = provider.mount(name, source, options, listener)) {
          RootfsOptions same = options;
          assertThrows(
              IOException.class,
              () -> provider.mount(name, source, same, superblocks::add),
              subject);
          assertTrue(Files.exists(first.root().resolve("etc/motd")), subject);
        }
        return;
      }
      case WRITABLE_TAKEN -> {
        Path theirs = Files.createDirectories(layers.resolve(name));
        fails(provider, name, source, RootfsOptions.writableIn(layers), listener, subject);
        Files.delete(theirs);
        return;
      }
      case NO_QUOTA ->
          options = RootfsOptions.writableIn(Path.of("/dev/shm")).withWritableBytes(1 << 20);
      case NO_METADATA -> {
        Path none = directory.resolve("none");
        ErofsSource missing = new ErofsSource(none, source.devices(), true);
        fails(provider, name, missing, options, listener, subject);
        return;
      }
      case DAMAGED_METADATA -> {
        Path damaged = Files.write(directory.resolve("damaged"), new byte[8192]);
        ErofsSource broken = new ErofsSource(damaged, source.devices(), true);
        fails(provider, name, broken, options, listener, subject);
        return;
      }
      case NO_DEVICE -> {
        ErofsSource missing =
            new ErofsSource(source.metadata(), List.of(directory.resolve("none")), true);
        fails(provider, name, missing, options.withOwnTree(), listener, subject);
        return;
      }
      case LISTENER -> {
        options = options.withOwnTree();
        listener =
            superblock -> {
              superblocks.add(superblock);
              throw new IOException("of the listener");
            };
      }
      case BAD_MAP ->
          options =
              options.withIdMappings(List.of(new IdMapping(0, 10, 9), new IdMapping(5, 100, 9)));
      case LABEL -> options = options.withSelinuxContext("no such label");
      case NO_WORK_DIRECTORY -> {
        options = RootfsOptions.writableIn(layers).withOwnTree();
        listener =
            superblock -> {
              superblocks.add(superblock);
              Files.delete(layers.resolve(name).resolve("work"));
            };
      }
    }
    fails(provider, name, source, options, listener, subject);
  }

  private static void fails(
      RootfsProvider provider,
      String name,
      ErofsSource source,
      RootfsOptions options,
      SuperblockListener listener,
      String subject) {
    IOException failure =
        assertThrows(
            IOException.class, () -> provider.mount(name, source, options, listener), subject);
    assertEquals(0, failure.getSuppressed().length, subject);
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
