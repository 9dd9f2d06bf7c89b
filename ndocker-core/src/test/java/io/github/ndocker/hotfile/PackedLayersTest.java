package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedLayersTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 64;
  private static final Digest FIRST = Digest.parse("sha256:" + "aa".repeat(32));
  private static final Digest SECOND = Digest.parse("sha256:" + "bb".repeat(32));
  private static final DiffId LAYER = DiffId.parse("sha256:" + "12".repeat(32));
  private static final DiffId OTHER = DiffId.parse("sha256:" + "34".repeat(32));

  private static PackedRange pages(DiffId layer, int first, int count, long packOffset) {
    return new PackedRange(layer, (long) first * PAGE, (long) count * PAGE, packOffset);
  }

  @Test
  void findsTheMiddleOfARangeInAnotherPack() {
    PackedLayers packed = new PackedLayers();
    packed.add(FIRST, new HotPackLayout(List.of(pages(LAYER, 4, 10, 512))));
    PackedLayers.Division division =
        packed.divide(HotPackLayout.backToBack(List.of(pages(LAYER, 2, 5, 0))));
    assertEquals(
        Map.of(FIRST, new HotPackLayout(List.of(pages(LAYER, 4, 3, 512)))), division.present());
    assertEquals(List.of(pages(LAYER, 2, 2, 0)), division.missing().ranges());
  }

  @Test
  void packsOfOtherLayersAreOfNoUse() {
    PackedLayers packed = new PackedLayers();
    packed.add(FIRST, new HotPackLayout(List.of(pages(OTHER, 0, 10, 0))));
    HotPackLayout wanted = HotPackLayout.backToBack(List.of(pages(LAYER, 2, 5, 0)));
    assertEquals(new PackedLayers.Division(Map.of(), wanted), packed.divide(wanted));
  }

  @Test
  void everyWantedByteIsInOnePlaceAndInTheRightOne() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      HotPackLayout first = randomLayout(random);
      HotPackLayout second = randomLayout(random);
      HotPackLayout wanted = randomLayout(random);
      PackedLayers packed = new PackedLayers();
      packed.add(FIRST, first);
      packed.add(SECOND, second);
      PackedLayers.Division division = packed.divide(wanted);
      Map<Long, String> found = new HashMap<>();
      division
          .present()
          .forEach(
              (pack, part) -> {
                String context = "seed " + seed + " round " + round(part);
                for (PackedRange range : part.ranges()) {
                  for (long page = range.layerOffset(); page < range.layerEnd(); page += PAGE) {
                    long offset = range.packOffset() + page - range.layerOffset();
                    assertEquals(
                        placeOf(pack.equals(FIRST) ? first : second, page), offset, context);
                    assertEquals(null, found.put(page, "pack"), context);
                  }
                }
              });
      for (PackedRange range : division.missing().ranges()) {
        for (long page = range.layerOffset(); page < range.layerEnd(); page += PAGE) {
          assertEquals(null, found.put(page, "missing"), "seed " + seed);
          assertEquals(-1, placeOf(first, page), "seed " + seed);
          assertEquals(-1, placeOf(second, page), "seed " + seed);
        }
      }
      assertEquals(wanted.blockBytes(), (long) found.size() * PAGE, "seed " + seed);
      assertEquals(
          found.keySet().stream().filter(page -> placeOf(wanted, page) >= 0).count(),
          found.size(),
          "seed " + seed);
    }
  }

  private static String round(HotPackLayout part) {
    return part.ranges().toString();
  }

  private static long placeOf(HotPackLayout layout, long position) {
    return layout.ranges().stream()
        .filter(range -> range.layerOffset() <= position && position < range.layerEnd())
        .map(range -> range.packOffset() + position - range.layerOffset())
        .findFirst()
        .orElse(-1L);
  }

  /** Ranges of one layer, in any order. */
  private static HotPackLayout randomLayout(Random random) {
    List<PackedRange> ranges = new ArrayList<>();
    for (int page = random.nextInt(8); page < PAGES; page += 1 + random.nextInt(6)) {
      int count = 1 + random.nextInt(5);
      ranges.add(random.nextInt(ranges.size() + 1), pages(LAYER, page, count, 0));
      page += count;
    }
    return HotPackLayout.backToBack(ranges);
  }
}
