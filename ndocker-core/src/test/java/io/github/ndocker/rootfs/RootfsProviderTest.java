package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mounts for real; whatever happens, nothing is left in the kernel or on the disk. */
class RootfsProviderTest extends SmallTreeTest {
  private Optional<RootfsProvider> provider = Optional.empty();

  private RootfsProvider provider(RootfsWay way) throws IOException {
    if (provider.isEmpty()) {
      provider = Optional.of(Providers.in(directory, way));
    }
    return provider.get();
  }

  private Path layers() {
    return directory.resolve("writable");
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private void nothingIsOnDisk() throws IOException {
    assertEquals(List.of(), list(directory.resolve("mounts/roots")));
    assertEquals(List.of(), list(directory.resolve("mounts/trees")));
    assertEquals(List.of(), list(layers()));
  }

  @ParameterizedTest
  @EnumSource
  void showsTheImageAndTakesWritesUntilClosed(RootfsWay way) throws IOException {
    RootFilesystem mounted =
        provider(way).mount("one", tree.source(true), writable(), superblocks::add);
    try (mounted) {
      assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
      assertEquals(Path.of("etc/motd"), Files.readSymbolicLink(mounted.image().resolve("motd")));
      // what a container makes set-user-ID is nothing for others
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(layers().resolve("one"))));
      Files.writeString(mounted.root().resolve("etc/motd"), "changed");
      Files.delete(mounted.root().resolve("removed"));
      Files.writeString(mounted.root().resolve("new"), "new");
      assertEquals("changed", Files.readString(mounted.root().resolve("motd")));
      assertFalse(Files.exists(mounted.root().resolve("removed")));
      assertEquals(SmallTree.TEXT, Files.readString(mounted.image().resolve("etc/motd")));
      assertTrue(Files.exists(mounted.image().resolve("removed")));
      assertThrows(
          IOException.class, () -> Files.writeString(mounted.image().resolve("new"), "new"));
      for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode", "lastModifiedTime")) {
        if (!attribute.equals("lastModifiedTime")) {
          assertEquals(
              Files.getAttribute(mounted.image(), attribute),
              Files.getAttribute(mounted.root(), attribute));
        }
      }
    }
    mounted.close();
    nothingIsOnDisk();
  }

  @ParameterizedTest
  @EnumSource(value = RootfsWay.class, mode = EnumSource.Mode.EXCLUDE, names = "DIRECTORIES")
  void readsAheadOnlyWhenAsked(RootfsWay way) throws IOException {
    for (boolean readAhead : new boolean[] {true, false, true}) {
      List<String> names = new ArrayList<>();
      try (RootFilesystem mounted =
          provider(way).mount("one", tree.source(readAhead), writable(), names::add)) {
        assertEquals(1, names.size());
        // fails if there is none of that name
        superblocks.add(names.get(0));
        Path setting =
            way == RootfsWay.EROFS_FILES
                ? Path.of("/sys/class/bdi", names.get(0), "read_ahead_kb")
                : Path.of("/sys/block", names.get(0), "queue/read_ahead_kb");
        assertEquals(!readAhead, Files.readString(setting).strip().equals("0"));
        assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingWhenTheMetadataIsDamaged(RootfsWay way) throws IOException {
    Files.write(tree.metadata(), new byte[8192]);
    fails(NDockerException.class, way, tree.source(true), superblocks::add);
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingWhenTheMetadataIsMissing(RootfsWay way) throws IOException {
    Files.delete(tree.metadata());
    fails(MountException.class, way, tree.source(true), superblocks::add);
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingWhenADeviceIsMissing(RootfsWay way) throws IOException {
    Files.delete(tree.blob());
    MountException failure = fails(MountException.class, way, tree.source(false), superblocks::add);
    assertTrue(failure.getMessage().contains("No such file"), failure.getMessage());
  }

  @ParameterizedTest
  @EnumSource(value = RootfsWay.class, mode = EnumSource.Mode.EXCLUDE, names = "DIRECTORIES")
  void leavesNothingWhenTheListenerThrows(RootfsWay way) throws IOException {
    NDockerException own = new NDockerException("of the listener");
    SuperblockListener checked =
        name -> {
          superblocks.add(name);
          throw own;
        };
    assertEquals(own, fails(NDockerException.class, way, tree.source(false), checked));
    IllegalStateException bug = new IllegalStateException("of the listener");
    SuperblockListener unchecked =
        name -> {
          superblocks.add(name);
          throw bug;
        };
    assertEquals(bug, fails(IllegalStateException.class, way, tree.source(false), unchecked));
  }

  @ParameterizedTest
  @EnumSource(value = RootfsWay.class, mode = EnumSource.Mode.EXCLUDE, names = "DIRECTORIES")
  void leavesNothingWhenTheOverlayCannotBeMade(RootfsWay way) throws IOException {
    // where the writable layer was, there is nothing any more when the overlay is to be mounted
    SuperblockListener thief =
        name -> {
          superblocks.add(name);
          Files.delete(layers().resolve("one/work"));
        };
    fails(MountException.class, way, tree.source(false), thief);
  }

  private <E extends Exception> E fails(
      Class<E> expected, RootfsWay way, ErofsSource source, SuperblockListener listener)
      throws IOException {
    E failure =
        assertThrows(expected, () -> provider(way).mount("one", source, writable(), listener));
    assertEquals(0, failure.getSuppressed().length);
    nothingIsOnDisk();
    return failure;
  }

  @ParameterizedTest
  @EnumSource
  void leavesAMountPointAloneThatIsTaken(RootfsWay way) throws IOException {
    try (RootFilesystem first =
        provider(way).mount("one", tree.source(true), writable(), superblocks::add)) {
      assertThrows(
          FileAlreadyExistsException.class,
          () ->
              provider(way)
                  .mount(
                      "one",
                      tree.source(true),
                      RootfsOptions.writableIn(directory.resolve("w2")),
                      superblocks::add));
      assertEquals(SmallTree.TEXT, Files.readString(first.root().resolve("etc/motd")));
    }
    assertFalse(Files.exists(directory.resolve("w2")));
    nothingIsOnDisk();
  }

  @ParameterizedTest
  @EnumSource
  void leavesAWritableLayerAloneThatIsSomebodyElses(RootfsWay way) throws IOException {
    Path theirs = Files.createDirectories(layers().resolve("one"));
    Files.writeString(theirs.resolve("theirs"), "theirs");
    assertThrows(
        FileAlreadyExistsException.class,
        () -> provider(way).mount("one", tree.source(true), writable(), superblocks::add));
    assertEquals("theirs", Files.readString(theirs.resolve("theirs")));
    assertEquals(List.of(), list(directory.resolve("mounts/roots")));
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingWhenTheWritableDirectoryCannotBeMade(RootfsWay way) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    assertInstanceOf(
        IOException.class,
        assertThrows(
            IOException.class,
            () ->
                provider(way)
                    .mount(
                        "one",
                        tree.source(true),
                        RootfsOptions.writableIn(file.resolve("w")),
                        superblocks::add)));
    assertEquals(List.of(), list(directory.resolve("mounts/roots")));
  }

  @ParameterizedTest
  @EnumSource
  void takesPathsThatMountOptionsCannotCarry(RootfsWay way) throws IOException {
    String odd = "a,b:c\\d e=\"f\"";
    String component = "long".repeat(50);
    for (String name : List.of(odd, component + "/" + component + "/" + component)) {
      Path place = Files.createDirectories(directory.resolve(name));
      SmallTree there = SmallTree.in(place);
      RootfsProvider provider = Providers.in(place, way);
      try (RootFilesystem mounted =
          provider.mount(
              "one",
              there.source(false),
              RootfsOptions.writableIn(place.resolve("w")),
              superblocks::add)) {
        assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
        Files.writeString(mounted.root().resolve("new"), "new");
      }
      assertEquals(List.of(), list(place.resolve("mounts/roots")));
      assertEquals(List.of(), list(place.resolve("w")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void showsOneTreeInRootFilesystemsThatAreMountedAtATime(RootfsWay way) throws Exception {
    mountsFourAtATime(way, writable());
    assertEquals(way == RootfsWay.DIRECTORIES ? 0 : 1, superblocks.size());
  }

  @ParameterizedTest
  @EnumSource
  void namesEachSuperblockOnceWhenSeveralAreMadeAtATime(RootfsWay way) throws Exception {
    mountsFourAtATime(way, writable().withOwnTree());
    assertEquals(way == RootfsWay.DIRECTORIES ? 0 : 4, superblocks.size());
  }

  private void mountsFourAtATime(RootfsWay way, RootfsOptions options) throws Exception {
    RootfsProvider shared = provider(way);
    List<RootFilesystem> mounted = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "mount" + i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  mounted.add(shared.mount(name, tree.source(true), options, superblocks::add));
                } catch (IOException | RuntimeException e) {
                  failures.add(e);
                }
              },
              name);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    try {
      assertEquals(List.of(), failures);
      assertEquals(
          options.ownTree() ? 4 : 1,
          mounted.stream().map(RootFilesystem::image).distinct().count());
      assertEquals(4, shared.mounted().size());
    } finally {
      for (RootFilesystem one : mounted) {
        one.close();
      }
    }
    assertEquals(List.of(), shared.mounted());
    nothingIsOnDisk();
  }
}
