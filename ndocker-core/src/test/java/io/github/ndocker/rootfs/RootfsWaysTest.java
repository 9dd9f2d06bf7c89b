package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.erofs.ContentMap;
import io.github.ndocker.erofs.Device;
import io.github.ndocker.erofs.ErofsWriter;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.linux.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RootfsWaysTest extends SmallTreeTest {
  private static final int LAYERS = 127;

  private RootfsProvider provider(RootfsWay... ways) throws IOException {
    return RootfsProvider.open(
        directory.resolve("mounts"), directory.resolve("unpacked"), List.of(ways));
  }

  @Test
  void giveWayToTheNextOneAndSayWhy() throws IOException {
    // the kernel mounts no EROFS from a file on tmpfs
    Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "ndocker-ways");
    try {
      tree = SmallTree.in(memory);
      RootfsProvider provider = provider(RootfsWay.values());
      try (RootFilesystem mounted =
          provider.mount("one", tree.source(true), writable(), superblocks::add)) {
        assertEquals(RootfsWay.EROFS_LOOP_DEVICES, mounted.way());
        assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
      }
      assertEquals(Set.of(RootfsWay.EROFS_FILES), provider.obstacles().keySet());
      String reason = provider.obstacles().get(RootfsWay.EROFS_FILES);
      assertTrue(reason.contains("fsconfig erofs"), reason);

      RootfsProvider told = provider(RootfsWay.EROFS_FILES);
      MountException refused =
          assertThrows(
              MountException.class,
              () -> told.mount("one", tree.source(true), writable(), superblocks::add));
      assertTrue(refused.getMessage().contains(reason), refused.getMessage());
      assertEquals(Map.of(), told.obstacles());
    } finally {
      DirectoryTree.delete(memory);
    }
  }

  @Test
  void areTriedAgainTheNextTime() throws IOException {
    Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "ndocker-ways");
    try {
      SmallTree there = SmallTree.in(memory);
      SmallTree here = SmallTree.in(directory.resolve("tree"));
      RootfsProvider provider = provider(RootfsWay.EROFS_FILES, RootfsWay.DIRECTORIES);
      try (RootFilesystem first =
              provider.mount("one", there.source(true), writable(), superblocks::add);
          RootFilesystem second =
              provider.mount("two", here.source(true), writable(), superblocks::add)) {
        assertEquals(RootfsWay.DIRECTORIES, first.way());
        assertEquals(RootfsWay.EROFS_FILES, second.way());
        assertEquals(Map.of(), provider.obstacles());
      }
    } finally {
      DirectoryTree.delete(memory);
    }
  }

  @Test
  void areNotBlamedForADamagedImage() throws IOException {
    Files.write(tree.metadata(), new byte[8192]);
    RootfsProvider provider = provider(RootfsWay.values());
    assertThrows(
        IOException.class,
        () -> provider.mount("one", tree.source(true), writable(), superblocks::add));
    assertEquals(Map.of(), provider.obstacles());
    assertEquals(Set.of(), provider.unpackedTrees());
  }

  @ParameterizedTest
  @EnumSource
  void carryAsManyLayersAsDockerMakes(RootfsWay way) throws IOException {
    // each name says more than a mount option can
    Path odd = Files.createDirectories(directory.resolve("a,b:c\\d").resolve("long".repeat(50)));
    List<LayerIndex> layers = new ArrayList<>();
    List<Device> devices = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      byte[] tar = new TarBuilder().file("own" + i, "" + i).file("shared", "" + i).finished();
      layers.add(TarBuilder.index(tar));
      devices.add(new Device(tar.length, "layer" + i));
      files.add(Files.write(odd.resolve("layer" + i), tar));
    }
    Path metadata = odd.resolve("metadata");
    new ErofsWriter().write(MergedTree.of(layers), ContentMap.ofLayers(devices), metadata);
    try (RootFilesystem mounted =
        provider(way)
            .mount("many", new ErofsSource(metadata, files, true), writable(), superblocks::add)) {
      for (int i = 0; i < LAYERS; i++) {
        assertEquals("" + i, Files.readString(mounted.root().resolve("own" + i)));
      }
      assertEquals("" + (LAYERS - 1), Files.readString(mounted.root().resolve("shared")));
    }
  }

  @Test
  void keepAnUnpackedTreeUntilItIsDeletedAndNobodyShowsIt() throws IOException {
    RootfsProvider provider = provider(RootfsWay.DIRECTORIES);
    try (RootFilesystem mounted =
        provider.mount("one", tree.source(true), writable(), superblocks::add)) {
      assertEquals(Set.of("metadata.erofs"), provider.unpackedTrees());
      assertEquals(false, provider.deleteUnpacked("metadata.erofs"));
      assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
    }
    assertEquals(Set.of("metadata.erofs"), provider.unpackedTrees());
    assertEquals(true, provider.deleteUnpacked("metadata.erofs"));
    assertEquals(Set.of(), provider.unpackedTrees());
    assertEquals(true, provider.deleteUnpacked("metadata.erofs"));
  }

  @Test
  void beginAnewWithATreeThatWasNotUnpackedToItsEnd() throws IOException {
    Path half = Files.createDirectories(directory.resolve("unpacked/.half/tree/etc"));
    RootfsProvider provider = provider(RootfsWay.DIRECTORIES);
    assertTrue(Files.notExists(half));
    try (RootFilesystem mounted =
        provider.mount("one", tree.source(true), writable(), superblocks::add)) {
      assertEquals(SmallTree.TEXT, Files.readString(mounted.root().resolve("etc/motd")));
    }
  }
}
