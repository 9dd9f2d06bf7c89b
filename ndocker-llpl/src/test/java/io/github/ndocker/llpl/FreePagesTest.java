package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.TierFullException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FreePagesTest {
  private static final int PAGE = PageRange.PAGE;

  private static FreePages pages(long budget, PageRange... arenas) {
    return new FreePages("a tier", budget * PAGE, List.of(arenas));
  }

  private static List<PageRange> ranges(long... firstAndPages) {
    List<PageRange> ranges = new ArrayList<>();
    for (int i = 0; i < firstAndPages.length; i += 2) {
      ranges.add(new PageRange(firstAndPages[i], firstAndPages[i + 1]));
    }
    return ranges;
  }

  @Test
  void takesTheSmallestRangeThatFitsOrSeveralFromTheLargestOn() throws TierFullException {
    FreePages free = pages(60, new PageRange(0, 30), new PageRange(31, 10), new PageRange(42, 20));
    List<PageRange> fitting = new ArrayList<>();
    free.allocate(fitting, 15 * PAGE - 1);
    assertEquals(ranges(42, 15), fitting);
    List<PageRange> scattered = new ArrayList<>();
    free.allocate(scattered, 42L * PAGE);
    assertEquals(ranges(0, 30, 31, 10, 57, 2), scattered);
  }

  @Test
  void givesOutNothingOfWhatIsWithdrawn() throws TierFullException {
    FreePages free = pages(60, new PageRange(0, 30), new PageRange(31, 10), new PageRange(42, 20));
    List<PageRange> before = new ArrayList<>();
    free.allocate(before, 20 * PAGE);
    assertEquals(ranges(42, 20), before);
    free.withdraw(ranges(0, 30, 42, 20));
    assertEquals(
        10 * PAGE,
        assertThrows(TierFullException.class, () -> free.allocate(new ArrayList<>(), 10 * PAGE + 1))
            .freeBytes());
    free.free(before);
    assertEquals(0, free.usedBytes());
    List<PageRange> after = new ArrayList<>();
    free.grow(after, 4 * PAGE);
    free.grow(after, 6 * PAGE);
    assertEquals(ranges(31, 10), after);
    assertThrows(TierFullException.class, () -> free.grow(after, 1));
  }

  @Test
  void growsInPlaceAndThenWhereThereIsMostRoom() throws TierFullException {
    FreePages free = pages(40, new PageRange(0, 10), new PageRange(11, 30));
    List<PageRange> blob = new ArrayList<>();
    free.allocate(blob, 5 * PAGE);
    free.grow(blob, 2 * PAGE);
    assertEquals(ranges(0, 7), blob);
    free.grow(blob, 10 * PAGE);
    assertEquals(ranges(0, 10, 11, 7), blob);
    free.trim(blob, 8);
    assertEquals(ranges(0, 8), blob);
    assertEquals(8 * PAGE, free.usedBytes());
  }

  @Test
  void leavesRoomBehindABlobThatGrows() throws TierFullException {
    FreePages free = pages(100, new PageRange(0, 100));
    List<PageRange> one = new ArrayList<>();
    List<PageRange> other = new ArrayList<>();
    List<PageRange> known = new ArrayList<>();
    free.grow(one, PAGE);
    free.grow(other, PAGE);
    free.allocate(known, 10 * PAGE);
    free.grow(one, 39 * PAGE);
    free.grow(other, 20 * PAGE);
    assertEquals(List.of(1, 1, 1), List.of(one.size(), other.size(), known.size()));
  }

  @Test
  void saysWhatIsNeededAndWhatIsFreeAndTakesNothingThen() {
    FreePages free = pages(7, new PageRange(0, 10));
    List<PageRange> blob = new ArrayList<>();
    for (long bytes : new long[] {7 * PAGE + 1, Long.MAX_VALUE}) {
      TierFullException full =
          assertThrows(TierFullException.class, () -> free.allocate(blob, bytes));
      assertEquals(bytes, full.neededBytes());
      assertEquals(7 * PAGE, full.freeBytes());
      assertThrows(TierFullException.class, () -> free.grow(blob, bytes));
    }
    assertEquals(List.of(), blob);
    assertEquals(0, free.usedBytes());
  }

  @Test
  void neverGivesAPageTwiceNorForgetsOne() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    FreePages free = pages(180, new PageRange(0, 100), new PageRange(101, 100));
    BitSet taken = new BitSet();
    List<List<PageRange>> blobs = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      List<PageRange> blob =
          blobs.isEmpty() ? new ArrayList<>() : blobs.remove(random.nextInt(blobs.size()));
      blob.forEach(range -> taken.clear((int) range.first(), (int) range.end()));
      long bytes = random.nextInt(40 * PAGE);
      try {
        switch (random.nextInt(4)) {
          case 0 -> free.grow(blob, bytes);
          case 1 -> {
            blobs.add(blob);
            blob.forEach(range -> mark(taken, range, seed));
            blob = new ArrayList<>();
            free.allocate(blob, bytes);
          }
          case 2 -> free.trim(blob, random.nextInt(20));
          default -> free.trim(blob, 0);
        }
      } catch (TierFullException e) {
        assertTrue(e.freeBytes() < bytes, "seed " + seed);
      }
      blob.forEach(range -> mark(taken, range, seed));
      blobs.add(blob);
      assertEquals((long) taken.cardinality() * PAGE, free.usedBytes(), "seed " + seed);
      assertTrue(taken.cardinality() <= 180 && !taken.get(100), "seed " + seed);
    }
  }

  private static void mark(BitSet taken, PageRange range, long seed) {
    int first = (int) range.first();
    int end = (int) range.end();
    assertTrue(taken.get(first, end).isEmpty(), range + " is given twice, seed " + seed);
    taken.set(first, end);
  }
}
