package io.github.ndocker.layer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a layer hides of the layers below it, wherever in its tar it says so. */
final class LayerWhiteouts {
  private LayerWhiteouts() {}

  /**
   * The whiteouts of a layer that hide something.
   *
   * @param index the layer
   * @param below the root directory of what is below it
   * @return those of directories first, then those of what is in them
   */
  static List<Whiteout> of(LayerIndex index, TreeNode below) throws MalformedLayerException {
    List<Whiteout> whiteouts = new ArrayList<>();
    for (LayerEntry entry : index.entries()) {
      Whiteout whiteout = Whiteout.of(entry.path());
      switch (whiteout.kind()) {
        case HIDES, OPAQUE -> whiteouts.add(whiteout);
        case NONE, IGNORED -> {}
      }
    }
    if (!whiteouts.isEmpty()) {
      Set<ByteString> directories = directories(index);
      whiteouts.removeIf(whiteout -> isOfNewDirectory(whiteout, below, directories));
      whiteouts.sort(
          Comparator.comparingInt(whiteout -> EntryPath.components(whiteout.parent()).size()));
    }
    return whiteouts;
  }

  private static Set<ByteString> directories(LayerIndex index) {
    Set<ByteString> directories = new HashSet<>();
    for (LayerEntry entry : index.entries()) {
      if (entry.type() == EntryType.DIRECTORY) {
        directories.add(entry.path());
      } else {
        directories.remove(entry.path());
      }
    }
    return directories;
  }

  /**
   * Whether a whiteout is in a directory with which its layer replaces something else. Nothing of
   * the layers below is in that one; a symbolic link that was there leads to what is to stay.
   */
  private static boolean isOfNewDirectory(
      Whiteout whiteout, TreeNode below, Set<ByteString> directories) {
    TreeNode node = below;
    ByteString path = ByteString.EMPTY;
    for (ByteString component : EntryPath.components(whiteout.parent())) {
      Optional<TreeNode> child = node.child(component);
      if (child.isEmpty()) {
        return false;
      }
      path = path.isEmpty() ? component : path.slash(component);
      node = child.get();
      if (!node.isDirectory()) {
        return directories.contains(path);
      }
    }
    return false;
  }
}
