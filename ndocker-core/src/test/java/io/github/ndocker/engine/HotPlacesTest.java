package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.HotPack;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PackedRange;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotPlacesTest {
  private static final DiffId LAYER = new DiffId(digest('a'));
  private static final Path FILE = Path.of("pack");
  private static final long FIRST = 1 << 20;

  private static Digest digest(char hex) {
    return new Digest("sha256", String.valueOf(hex).repeat(64));
  }

  private static HotPack pack(BlobLocation location) {
    return new HotPack(
        digest('b'),
        location,
        new HotPackLayout(
            List.of(
                new PackedRange(LAYER, 0, 4000, 0),
                new PackedRange(LAYER, 8192, 512, 4096),
                new PackedRange(LAYER, 16_384, 4096, FIRST))));
  }

  private static HotPack onePiece(Tier tier) {
    return pack(new BlobLocation(tier, FILE, 1024, 2 * FIRST));
  }

  /** Two ranges that lie near each other, and one behind what is another image's. */
  private static List<BlobExtent> pieces(Tier tier) {
    return List.of(
        new BlobExtent(tier, FILE, 1024, 4608), new BlobExtent(tier, FILE, 1024 + FIRST, 4096));
  }

  @Test
  void aStartHasReadWhatItIsKnownToNeedOnEitherTier() {
    for (Tier tier : Tier.values()) {
      assertEquals(pieces(tier), new HotPlaces(List.of(onePiece(tier)), false).startReads());
    }
  }

  @Test
  void whereTheKernelReadsAheadOnlyTheSlowTierIsRead() {
    HotPack fast = onePiece(Tier.FAST);
    HotPack slow = onePiece(Tier.SLOW);
    assertEquals(pieces(Tier.SLOW), new HotPlaces(List.of(fast, slow), true).startReads());
  }

  @Test
  void aPackOnBothTiersIsReadWhereItLies() {
    BlobExtent front = new BlobExtent(Tier.FAST, FILE, 0, FIRST);
    BlobExtent rest = new BlobExtent(Tier.SLOW, Path.of("rest"), 512, FIRST);
    HotPack both = pack(new BlobLocation(List.of(front, rest)));
    assertEquals(
        List.of(
            new BlobExtent(Tier.FAST, FILE, 0, 4608),
            new BlobExtent(Tier.SLOW, Path.of("rest"), 512, 4096)),
        new HotPlaces(List.of(both), false).startReads());
  }
}
