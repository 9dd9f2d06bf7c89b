package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one provider has mounted, the next one of the same directory looks after. */
class FoundAgainTest extends SmallTreeTest {

  @AfterEach
  void nothingIsLeftOnTheDisk() throws IOException {
    for (String parent : List.of("mounts/roots", "mounts/trees", "writable")) {
      try (Stream<Path> left = Files.list(directory.resolve(parent))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  private RootFilesystem mount(RootfsProvider provider, String name) throws IOException {
    return provider.mount(name, tree.source(true), writable(), superblocks::add);
  }

  @ParameterizedTest
  @EnumSource
  void isSharedFurtherAndClosedByTheNextOne(RootfsWay way) throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, way), "mine");
    Files.writeString(mine.root().resolve("written"), "before");
    RootfsProvider next = Providers.in(directory, way);
    RootFilesystem found = next.mounted().get(0);
    assertEquals("mine", found.name());
    assertEquals(way, found.way());
    assertEquals("before", Files.readString(found.root().resolve("written")));
    try (RootFilesystem other = mount(next, "other")) {
      assertEquals(found.image(), other.image());
      assertEquals(2, next.mounted().size());
      found.close();
      assertEquals(SmallTree.TEXT, Files.readString(other.root().resolve("etc/motd")));
      assertFalse(Files.exists(directory.resolve("writable/mine")));
    }
    assertEquals(List.of(), next.mounted());
  }

  @ParameterizedTest
  @EnumSource
  void isRemovedIfItWasHalfMade(RootfsWay way) throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, way), "mine");
    Files.delete(directory.resolve("mounts/roots/mine/mounted"));
    assertTrue(Files.exists(mine.root().resolve("etc/motd")));
    assertEquals(List.of(), Providers.in(directory, way).mounted());
  }

  @ParameterizedTest
  @EnumSource
  void isRemovedIfItIsOfAnEarlierBoot(RootfsWay way) throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, way), "mine");
    Mounts.unmount(mine.root());
    Mounts.unmount(mine.image());
    Files.writeString(directory.resolve("mounts/roots/mine/boot"), "another");
    Files.writeString(mine.image().resolveSibling("boot"), "another");
    assertEquals(List.of(), Providers.in(directory, way).mounted());
  }

  @ParameterizedTest
  @EnumSource
  void isLeftAloneIfItIsMountedElsewhere(RootfsWay way) throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, way), "mine");
    // as it looks in another mount namespace
    Mounts.unmount(mine.root());
    assertEquals(List.of(), Providers.in(directory, way).mounted());
    assertTrue(Files.exists(directory.resolve("writable/mine/upper")));
    assertEquals(SmallTree.TEXT, Files.readString(mine.image().resolve("etc/motd")));
    mine.close();
  }

  @ParameterizedTest
  @EnumSource
  void isMountedAgainIfSomebodyHasUnmountedIt(RootfsWay way) throws IOException {
    RootfsProvider provider = Providers.in(directory, way);
    try (RootFilesystem first = mount(provider, "first")) {
      Mounts.unmount(first.image());
      try (RootFilesystem second = mount(provider, "second")) {
        assertNotEquals(first.image(), second.image());
        assertEquals(SmallTree.TEXT, Files.readString(second.image().resolve("etc/motd")));
        assertEquals(SmallTree.TEXT, Files.readString(first.root().resolve("etc/motd")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void isAnotherMountOnceTheMetadataIsWrittenAgain(RootfsWay way) throws IOException {
    RootfsProvider provider = Providers.in(directory, way);
    try (RootFilesystem first = mount(provider, "first")) {
      Path copy = Files.copy(tree.metadata(), directory.resolve("copy"));
      Files.delete(tree.metadata());
      Files.move(copy, tree.metadata());
      try (RootFilesystem second = mount(provider, "second")) {
        assertNotEquals(first.image(), second.image());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsItsWritableLayerIfOnlyTheImageWasUnmounted(RootfsWay way) throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, way), "mine");
    Files.writeString(mine.root().resolve("written"), "before");
    Mounts.unmount(mine.image());
    RootfsProvider next = Providers.in(directory, way);
    RootFilesystem found = next.mounted().get(0);
    assertEquals("before", Files.readString(found.root().resolve("written")));
    try (RootFilesystem other = mount(next, "other")) {
      assertNotEquals(found.image(), other.image());
    }
    found.close();
  }

  @Test
  void keepsAnUnpackedTreeThatAnotherMountNamespaceShows() throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, RootfsWay.DIRECTORIES), "mine");
    Mounts.unmount(mine.root());
    RootfsProvider next = Providers.in(directory, RootfsWay.DIRECTORIES);
    assertFalse(next.deleteUnpacked("metadata.erofs"));
    mine.close();
    assertTrue(Providers.in(directory, RootfsWay.DIRECTORIES).deleteUnpacked("metadata.erofs"));
  }

  @Test
  void isLeftAloneIfALaterVersionMountedItInAWayOfItsOwn() throws IOException {
    RootFilesystem mine = mount(Providers.in(directory, RootfsWay.EROFS_FILES), "mine");
    Files.writeString(mine.image().resolveSibling("way"), "ANOTHER");
    assertEquals(List.of(), Providers.in(directory, RootfsWay.EROFS_FILES).mounted());
    assertEquals(SmallTree.TEXT, Files.readString(mine.root().resolve("etc/motd")));
    mine.close();
  }
}
