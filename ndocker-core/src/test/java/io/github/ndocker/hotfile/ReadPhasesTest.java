package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.CountedRange;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadPhasesTest {
  private static final int PAGE = 4096;

  private final ReadPhases phases = new ReadPhases();

  private static BitSet pages(int... numbers) {
    BitSet pages = new BitSet();
    for (int number : numbers) {
      pages.set(number);
    }
    return pages;
  }

  private static CountedRange range(int page, int pages, int phase) {
    return new CountedRange((long) page * PAGE, (long) pages * PAGE, 1, phase);
  }

  @Test
  void aPageWasReadInThePhaseAtWhoseEndItIsThereFirst() {
    assertFalse(phases.hasEnded(0));
    assertTrue(phases.hasEnded(3));
    phases.read("/a", pages(5, 6));
    phases.end(3);
    assertFalse(phases.hasEnded(3));
    phases.read("/a", pages(0, 5, 6));
    phases.end(7);
    assertEquals(
        List.of(range(0, 1, 3), range(4, 1, 7), range(5, 2, 0), range(7, 1, 7)),
        phases.ranges("/a", pages(0, 4, 5, 6, 7), 20L * PAGE, 0));
  }

  @Test
  void aFileThatNobodyLookedAtWasReadWhenItWasOpened() {
    phases.read("/other", pages(1));
    phases.end(9);
    assertEquals(
        List.of(range(0, 1, 4), new CountedRange(2 * PAGE, 10, 1, 4)),
        phases.ranges("/a", pages(0, 2), 2 * PAGE + 10, 4));
  }

  @Test
  void whatTheKernelForgotWasNotRead() {
    phases.read("/a", pages(1, 2));
    phases.end(1);
    assertEquals(List.of(range(2, 1, 0)), phases.ranges("/a", pages(2), 20L * PAGE, 0));
  }
}
