package io.github.ndocker.hotfile;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was read of an image, and what of that had to come from the slow tier because no pack holds
 * it. Immutable.
 *
 * @param readBytes what was read, in whole pages, each once
 * @param files the files that were read from the slow tier, in the order in which they were given
 */
public record MissedReads(long readBytes, List<Missed> files) {
  /** Copies the list. */
  public MissedReads {
    files = List.copyOf(files);
  }

  /**
   * What was missed of one file.
   *
   * @param path absolute path in the image
   * @param bytes how many
   * @param ranges in so many pieces
   */
  public record Missed(String path, long bytes, int ranges) {}

  /** Knows where layers lie. */
  @FunctionalInterface
  public interface SlowBytes {
    /**
     * How much of a part of a layer is on the slow tier.
     *
     * @param layer the layer
     * @param from first byte, from the start of the tar
     * @param to the byte after the last one
     * @return bytes
     */
    long of(DiffId layer, long from, long to);
  }

  /**
   * Compares what was read with what is packed. Sparse files are never packed, so they do not
   * count.
   *
   * @param read the files, with the ranges that were read
   * @param packs what each pack of the image holds of it
   * @param tree the image
   * @param layers its layers, from the bottom up
   * @param slow where they lie
   * @return what was missed
   */
  public static MissedReads of(
      Collection<HotFile> read,
      Map<Digest, HotPackLayout> packs,
      MergedTree tree,
      List<DiffId> layers,
      SlowBytes slow) {
    PackedLayers packed = new PackedLayers();
    packs.forEach(packed::add);
    Set<Inode> seen = new HashSet<>();
    List<Missed> files = new ArrayList<>();
    long readBytes = 0;
    for (HotFile file : read) {
      Optional<Inode> inode = tree.find(file.path()).map(TreeNode::inode);
      if (inode.isEmpty() || inode.get().type() != EntryType.REGULAR || !seen.add(inode.get())) {
        continue;
      }
      long bytes = 0;
      int ranges = 0;
      // as if it were packed: whole pages, and nothing past the end
      HotPackLayout whole = HotPackLayout.of(List.of(file), tree, layers, 0);
      for (PackedRange range : whole.ranges()) {
        readBytes += range.length();
      }
      for (PackedRange missing : packed.divide(whole).missing().ranges()) {
        long missed = slow.of(missing.layer(), missing.layerOffset(), missing.layerEnd());
        bytes += missed;
        ranges += missed > 0 ? 1 : 0;
      }
      if (bytes > 0) {
        files.add(new Missed(file.path(), bytes, ranges));
      }
    }
    return new MissedReads(readBytes, files);
  }
}
