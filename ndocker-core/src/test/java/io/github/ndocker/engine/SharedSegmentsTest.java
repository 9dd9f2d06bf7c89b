package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.budget.HotSegment;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PackedRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Against a count block by block. */
class SharedSegmentsTest {
  private static final int BLOCK = HotPackLayout.ALIGNMENT;
  private static final int BLOCKS = 60;
  private static final List<DiffId> LAYERS =
      List.of(DiffId.parse("sha256:" + "12".repeat(32)), DiffId.parse("sha256:" + "34".repeat(32)));

  /** What an image needs, and the same as one bit for each block of all layers. */
  private record Image(HotNeeds needs, BitSet blocks) {
    static Image random(Random random) {
      List<HotPackLayout> packs = new ArrayList<>();
      BitSet blocks = new BitSet();
      for (int pack = random.nextInt(3); pack > 0; pack--) {
        List<PackedRange> ranges = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          int layer = random.nextInt(LAYERS.size());
          int first = random.nextInt(BLOCKS);
          int bytes = 1 + random.nextInt((BLOCKS - first) * BLOCK);
          ranges.add(new PackedRange(LAYERS.get(layer), (long) first * BLOCK, bytes, 0));
          int begin = layer * BLOCKS + first;
          blocks.set(begin, begin + (bytes + BLOCK - 1) / BLOCK);
        }
        packs.add(HotPackLayout.backToBack(ranges));
      }
      return new Image(HotNeeds.of(packs), blocks);
    }
  }

  @Test
  void everyBlockIsInTheSegmentOfThoseWhoNeedIt() {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<Image> images = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        images.add(Image.random(random));
      }
      Map<Set<Integer>, Long> expected = new HashMap<>();
      for (int block = 0; block < LAYERS.size() * BLOCKS; block++) {
        Set<Integer> users = new TreeSet<>();
        for (int i = 0; i < images.size(); i++) {
          if (images.get(i).blocks().get(block)) {
            users.add(i);
          }
        }
        if (!users.isEmpty()) {
          expected.merge(users, (long) BLOCK, Long::sum);
        }
      }
      String context = "-Dndocker.seed=" + seed + ", round " + round;
      SharedSegments segments = SharedSegments.of(images.stream().map(Image::needs).toList());
      Map<HotSegment, Set<Integer>> users = new HashMap<>();
      for (int i = 0; i < images.size(); i++) {
        for (HotSegment segment : segments.ofImage(i)) {
          users.computeIfAbsent(segment, name -> new TreeSet<>()).add(i);
        }
        HotNeeds needs = images.get(i).needs();
        assertEquals((long) images.get(i).blocks().cardinality() * BLOCK, needs.bytes(), context);
        assertEquals(needs.bytes() == 0, needs.isEmpty(), context);
      }
      Map<Set<Integer>, Long> found = new HashMap<>();
      users.forEach((segment, by) -> assertEquals(null, found.put(by, segment.bytes()), context));
      assertEquals(expected, found, context);
      assertEquals(
          expected.values().stream().mapToLong(Long::longValue).sum(), segments.bytes(), context);
    }
  }

  @Test
  void needsAreTheSameHoweverTheyArePacked() {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Image one = Image.random(random);
      Image other = Image.random(random);
      List<PackedRange> blocks = new ArrayList<>();
      one.blocks().stream()
          .forEach(
              block ->
                  blocks.add(
                      random.nextInt(blocks.size() + 1),
                      new PackedRange(
                          LAYERS.get(block / BLOCKS), (long) (block % BLOCKS) * BLOCK, BLOCK, 0)));
      HotNeeds again = HotNeeds.of(List.of(HotPackLayout.backToBack(blocks)));
      String context = "-Dndocker.seed=" + seed + ", round " + round;
      assertEquals(true, again.isSame(one.needs()), context);
      assertEquals(one.blocks().equals(other.blocks()), again.isSame(other.needs()), context);
    }
  }
}
