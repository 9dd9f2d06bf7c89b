package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedTreeTest {
  private static MergedTree merged(TarBuilder... layers) throws IOException {
    List<LayerIndex> indexes = new ArrayList<>();
    for (TarBuilder layer : layers) {
      indexes.add(layer.index());
    }
    return MergedTree.of(indexes);
  }

  private static TarBuilder layer() {
    return new TarBuilder();
  }

  private static List<String> paths(MergedTree tree) {
    List<String> paths = new ArrayList<>();
    tree.walk((path, node) -> paths.add(path.toString()));
    return paths;
  }

  private static Inode inode(MergedTree tree, String path) {
    return tree.find(path).orElseThrow().inode();
  }

  @Test
  void ofNoLayersIsAnEmptyDirectory() throws IOException {
    MergedTree tree = merged();
    assertEquals(List.of(""), paths(tree));
    assertEquals(0755, tree.root().inode().mode());
    assertEquals(2, tree.root().inode().nlink());
  }

  @Test
  void makesParentsThatNoLayerHas() throws IOException {
    MergedTree tree = merged(layer().file("a/b/c", "x"));
    assertEquals(List.of("", "a", "a/b", "a/b/c"), paths(tree));
    assertEquals(0755, inode(tree, "a/b").mode());
    assertEquals(0, inode(tree, "a/b").mtimeSeconds());
    assertEquals(3, inode(tree, "a").nlink());
  }

  @Test
  void walksInTheOrderOfUnsignedBytes() throws IOException {
    MergedTree tree = merged(layer().file("é", "").file("z", "").file("a/x", "").file("a.b", ""));
    assertEquals(List.of("", "a", "a/x", "a.b", "z", "é"), paths(tree));
  }

  @Test
  void hidesWhatAWhiteoutNames() throws IOException {
    MergedTree tree =
        merged(
            layer().file("d/a", "").file("d/b", "").directory("e/f"),
            layer().file("d/.wh.a", "").file(".wh.e", "").file("no/where/.wh.x", ""));
    assertEquals(List.of("", "d", "d/b"), paths(tree));
  }

  @Test
  void hidesOnlyLowerLayersWhereverTheWhiteoutComes() throws IOException {
    TarBuilder lower = layer().file("d/old", "").file("d/both", "old");
    MergedTree before =
        merged(lower, layer().file("d/.wh..wh..opq", "").file("d/new", "").file("d/both", "n"));
    MergedTree after =
        merged(lower, layer().file("d/new", "").file("d/both", "n").file("d/.wh..wh..opq", ""));
    assertEquals(List.of("", "d", "d/both", "d/new"), paths(before));
    assertEquals(paths(before), paths(after));
    assertEquals(1, inode(after, "d/both").layer());
    MergedTree single = merged(lower, layer().file("d/old", "n").file("d/.wh.old", ""));
    assertEquals(1, inode(single, "d/old").layer());
  }

  @Test
  void aDirectoryThatIsWhitedOutAndMadeAgainIsEmpty() throws IOException {
    MergedTree tree =
        merged(
            layer().file("d/old", ""), layer().directory("d/").file("d/new", "").file(".wh.d", ""));
    assertEquals(List.of("", "d", "d/new"), paths(tree));
  }

  @Test
  void replacesOneTypeByAnother() throws IOException {
    MergedTree tree =
        merged(
            layer().file("d/x", "").file("f", "").directory("kept/").file("kept/in", ""),
            layer().file("d", "now a file").directory("f/").directory("kept/").file("f/y", ""));
    assertEquals(List.of("", "d", "f", "f/y", "kept", "kept/in"), paths(tree));
    assertEquals(EntryType.REGULAR, inode(tree, "d").type());
    assertEquals(1, inode(tree, "kept").layer());
  }

  @Test
  void theLastEntryOfAPathWins() throws IOException {
    MergedTree tree = merged(layer().file("f", "1").file("g", "").file("f", "333"));
    assertEquals(3, inode(tree, "f").size());
  }

  @Test
  void hardLinksShareTheInodeOfThatMoment() throws IOException {
    MergedTree tree =
        merged(
            layer().file("a", "old"),
            layer().hardLink("b", "a").file("a", "newer").hardLink("c", "a").hardLink("c2", "c"));
    assertEquals(3, inode(tree, "b").size());
    assertEquals(1, inode(tree, "b").nlink());
    assertSame(inode(tree, "a"), inode(tree, "c2"));
    assertEquals(3, inode(tree, "a").nlink());
    assertEquals(3, tree.inodes());
  }

  @Test
  void aHardLinkSetsTheMetadataOfItsFileAsContainerdDoes() throws IOException {
    MergedTree tree =
        merged(
            layer().pax("SCHILY.xattr.user.a", "1").file("a", "text"),
            layer().pax("SCHILY.xattr.user.b", "2").pax("mtime", "5").hardLink("b", "a"));
    assertSame(inode(tree, "a"), inode(tree, "b"));
    assertEquals(5, inode(tree, "a").mtimeSeconds());
    assertEquals(4, inode(tree, "a").size());
    assertEquals(2, inode(tree, "a").xattrs().size());
    assertEquals(0, inode(tree, "a").layer());
  }

  @Test
  void hardLinksSurviveTheirTarget() throws IOException {
    MergedTree tree =
        merged(
            layer().file("d/a", "text").hardLink("b", "d/a").symlink("s", "b").hardLink("t", "s"),
            layer().file(".wh.d", ""));
    assertEquals(1, inode(tree, "b").nlink());
    assertEquals(0, inode(tree, "b").layer());
    assertEquals(EntryType.SYMLINK, inode(tree, "t").type());
    assertEquals(2, inode(tree, "t").nlink());
  }

  @Test
  void refusesLinksAndFilesThatCannotBe() throws IOException {
    List<TarBuilder> layers =
        List.of(
            layer().hardLink("a", "nothing"),
            layer().directory("d").hardLink("a", "d"),
            layer().file("f", "").file("f/below", ""),
            layer().file("./", ""),
            layer().file(".wh.", ""),
            layer().file(".wh...", ""),
            layer().file(".wh.a/b", ""),
            layer().symlink("s", "s").file("s/x", ""));
    for (int i = 0; i < layers.size(); i++) {
      LayerIndex index = layers.get(i).index();
      assertThrows(MalformedLayerException.class, () -> MergedTree.of(List.of(index)), "" + i);
    }
  }

  @Test
  void followsSymbolicLinksToParentsButNeverOut() throws IOException {
    MergedTree tree =
        merged(
            layer().directory("usr/bin").symlink("bin", "usr/bin").symlink("out", "/../../../tmp"),
            layer().file("bin/sh", "").file("out/x", "").file("bin/gone", ""),
            layer().file("bin/.wh.gone", ""));
    assertTrue(tree.find("usr/bin/sh").isPresent());
    assertTrue(tree.find("tmp/x").isPresent());
    assertFalse(tree.find("usr/bin/gone").isPresent());
    assertEquals(EntryType.SYMLINK, inode(tree, "bin").type());
  }

  @Test
  void takesTreesDeeperThanAnyStack() throws IOException {
    TarBuilder layer = layer();
    String down = "d/".repeat(2000);
    String at = "";
    for (int i = 0; i < 5; i++) {
      layer.file(at + down + "f", "");
      layer.symlink("s" + i, "/" + at + down);
      at = "s" + i + "/";
    }
    MergedTree tree = merged(layer);
    assertTrue(tree.inodes() >= 10_000, tree.inodes() + " inodes");
  }

  @Test
  void skipsWhatAufsKeptForItself() throws IOException {
    assertEquals(
        List.of(""), paths(merged(layer().file(".wh..wh.plnk/1.2", "").file(".wh..wh.aufs", ""))));
  }
}
