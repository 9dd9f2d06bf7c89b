package io.github.ndocker.erofs;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Blobs that lie in pieces. */
final class ScatteredBlob {
  private static final int PAGE = 4096;

  private ScatteredBlob() {}

  /**
   * Writes a blob, cut at multiples of {@code unit} bytes into pieces that lie by turns in two
   * files, with gaps between them.
   */
  static BlobLocation write(byte[] blob, int pieces, int unit, Random random, Path fast, Path slow)
      throws IOException {
    TreeSet<Integer> cuts = new TreeSet<>(Set.of(blob.length));
    while (cuts.size() < pieces) {
      cuts.add((1 + random.nextInt(blob.length / unit - 1)) * unit);
    }
    List<Path> paths = List.of(fast, slow);
    List<Tier> tiers = List.of(Tier.FAST, Tier.SLOW);
    byte[][] files = {new byte[blob.length + pieces * PAGE], new byte[blob.length + pieces * PAGE]};
    int[] ends = new int[2];
    List<BlobExtent> extents = new ArrayList<>();
    int at = 0;
    for (int cut : cuts) {
      int device = extents.size() % 2;
      int length = cut - at;
      System.arraycopy(blob, at, files[device], ends[device], length);
      extents.add(new BlobExtent(tiers.get(device), paths.get(device), ends[device], length));
      ends[device] += (length + PAGE) / 512 * 512;
      at = cut;
    }
    Files.write(fast, files[0]);
    Files.write(slow, files[1]);
    return new BlobLocation(extents);
  }
}
