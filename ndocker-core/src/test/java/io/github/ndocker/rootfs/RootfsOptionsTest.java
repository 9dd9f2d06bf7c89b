package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.TarBuilder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RootfsOptionsTest extends SmallTreeTest {

  private RootFilesystem mount(RootfsWay way, RootfsOptions options) throws IOException {
    return Providers.in(directory, way).mount("one", tree.source(true), options, superblocks::add);
  }

  @ParameterizedTest
  @EnumSource
  void letNobodyWrite(RootfsWay way) throws IOException {
    try (RootFilesystem mounted = mount(way, RootfsOptions.READ_ONLY)) {
      assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
      FileSystemException refused =
          assertThrows(
              FileSystemException.class,
              () -> Files.writeString(mounted.root().resolve("new"), "new"));
      assertTrue(refused.getMessage().contains("Read-only"), refused.getMessage());
      assertThrows(
          FileSystemException.class, () -> Files.delete(mounted.root().resolve("etc/motd")));
    }
    assertFalse(Files.exists(directory.resolve("writable")));
  }

  @ParameterizedTest
  @EnumSource
  void giveFilesToTheRangesOfAUserNamespace(RootfsWay way) throws IOException {
    tree =
        SmallTree.of(
            new TarBuilder()
                .directory("etc/")
                .file("etc/motd", SmallTree.TEXT)
                .pax("uid", "7")
                .pax("gid", "8")
                .file("user", "x")
                .finished(),
            directory.resolve("owned"));
    List<IdMapping> mappings =
        List.of(new IdMapping(0, 100_000, 1000), new IdMapping(1000, 300_000, 65_536));
    try (RootFilesystem mounted = mount(way, writable().withIdMappings(mappings))) {
      assertEquals(100_000, uid(mounted.root()));
      assertEquals(100_000, uid(mounted.root().resolve("etc/motd")));
      assertEquals(100_007, uid(mounted.root().resolve("user")));
      // for those that are not mapped it is as it was
      assertEquals(0, uid(mounted.image().resolve("etc/motd")));
      Files.writeString(mounted.root().resolve("etc/motd"), "copied up");
      assertEquals(100_000, uid(mounted.root().resolve("etc/motd")));
    }
  }

  private static Object uid(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void mustBeAMapThatTheKernelTakes() {
    List<IdMapping> twice = List.of(new IdMapping(0, 100_000, 10), new IdMapping(5, 200_000, 10));
    IOException refused =
        assertThrows(
            IOException.class,
            () -> mount(RootfsWay.EROFS_FILES, writable().withIdMappings(twice)));
    assertTrue(refused.getMessage().contains("user namespace"), refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new IdMapping(0, 0xFFFF_FFF0L, 16));
    assertThrows(IllegalArgumentException.class, () -> new IdMapping(0, 0, 0));
    assertEquals(0xFFFF_FFF0L, new IdMapping(0, 0xFFFF_FFF0L, 15).hostId());
  }

  @Test
  void labelEverythingWhereThereIsSelinux() {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/sys/fs/selinux/enforce")), "a host with SELinux takes labels");
    String label = "system_u:object_r:container_file_t:s0:c1,c2";
    MountException refused =
        assertThrows(
            MountException.class,
            () -> mount(RootfsWay.EROFS_FILES, writable().withSelinuxContext(label)));
    assertTrue(refused.getMessage().contains(label), refused.getMessage());
    assertTrue(refused.getMessage().contains("SELinux"), refused.getMessage());
  }

  @Test
  void limitTheWritableLayerWhereThereAreProjectQuotas() throws Exception {
    try (QuotaDisk disk = QuotaDisk.make(directory.resolve("disk"))) {
      RootfsOptions options = RootfsOptions.writableIn(disk.path()).withWritableBytes(2 << 20);
      RootfsProvider provider = Providers.in(directory, RootfsWay.EROFS_FILES);
      try (RootFilesystem mounted =
              provider.mount("small", tree.source(true), options, superblocks::add);
          RootFilesystem large =
              provider.mount(
                  "large",
                  tree.source(true),
                  RootfsOptions.writableIn(disk.path()),
                  superblocks::add)) {
        Files.write(mounted.root().resolve("fits"), new byte[1 << 20]);
        Files.writeString(mounted.root().resolve("etc/motd"), "copied up");
        FileSystemException full =
            assertThrows(
                FileSystemException.class,
                () -> Files.write(mounted.root().resolve("more"), new byte[1 << 20]));
        assertTrue(
            Set.of("Disk quota exceeded", "No space left on device")
                .contains(String.valueOf(full.getReason())),
            full.toString());
        Files.write(large.root().resolve("more"), new byte[4 << 20]);
        assertTrue(disk.hasProjects());
      }
      assertFalse(disk.hasProjects());
    }
  }

  @Test
  void limitNothingWhereThereAreNone() throws IOException {
    MountException refused =
        assertThrows(
            MountException.class,
            () -> mount(RootfsWay.EROFS_FILES, writable().withWritableBytes(1 << 20)));
    assertTrue(refused.getMessage().contains("prjquota"), refused.getMessage());
    assertFalse(Files.exists(directory.resolve("writable/one")));
    assertThrows(
        IllegalArgumentException.class, () -> RootfsOptions.READ_ONLY.withWritableBytes(1));
    assertThrows(IllegalArgumentException.class, () -> writable().withWritableBytes(0));
  }

  @Test
  void keepDeviceNodesFromBeingDevicesUnlessTold() throws IOException {
    for (boolean devices : new boolean[] {false, true}) {
      RootfsOptions options = devices ? writable().withDevices() : writable();
      try (RootFilesystem mounted = mount(RootfsWay.EROFS_FILES, options)) {
        Path zero = mounted.root().resolve("zero");
        Process made =
            new ProcessBuilder("mknod", zero.toString(), "c", "1", "5").inheritIO().start();
        assertEquals(0, made.onExit().join().exitValue());
        if (devices) {
          try (var in = Files.newInputStream(zero)) {
            assertEquals(0, in.read());
          }
        } else {
          assertThrows(FileSystemException.class, () -> Files.newInputStream(zero).close());
        }
      }
    }
  }
}
