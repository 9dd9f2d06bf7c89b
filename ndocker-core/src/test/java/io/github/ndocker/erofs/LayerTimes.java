package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.LayerEntry;
import io.github.ndocker.layer.LayerIndex;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The paths whose time of modification containerd takes from the layers. A directory that a layer
 * changes and does not describe has the time of that change, and the root directory always.
 */
final class LayerTimes implements Predicate<String> {
  private final Set<String> described = new HashSet<>();

  LayerTimes(List<LayerIndex> layers) {
    for (LayerIndex layer : layers) {
      Set<String> directories = new HashSet<>();
      for (LayerEntry entry : layer.entries()) {
        described.add(latin(entry.path()));
        if (entry.type() == EntryType.DIRECTORY) {
          directories.add(latin(entry.path()));
        }
      }
      for (LayerEntry entry : layer.entries()) {
        String path = latin(entry.path());
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        if (!directories.contains(parent)) {
          described.remove(parent);
        }
      }
    }
    described.remove("");
  }

  @Override
  public boolean test(String path) {
    return described.contains(path);
  }

  private static String latin(ByteString path) {
    return new String(path.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}
