package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceChangesTest {
  private final BalanceChanges changes = new BalanceChanges();

  private void assertLists(List<String> evicted, List<String> admitted, List<String> renewed) {
    BudgetReport report = changes.report(1, 2);
    assertEquals(evicted, report.evicted());
    assertEquals(admitted, report.admitted());
    assertEquals(renewed, report.renewed());
  }

  @Test
  void whatWasRenewedAndHadToGoIsEvicted() {
    changes.renewed("image");
    changes.evicted("image");
    assertLists(List.of("image"), List.of(), List.of());
  }

  @Test
  void whatWasAdmittedAndHadToGoIsAsItWas() {
    assertFalse(changes.isAny());
    changes.admitted("image");
    changes.evicted("image");
    assertLists(List.of(), List.of(), List.of());
    assertTrue(changes.isAny());
    changes.admitted("image");
    assertLists(List.of(), List.of("image"), List.of());
  }

  @Test
  void whatLeftAndIsBackIsRenewedUnlessItGoesAgain() {
    changes.evicted("image");
    changes.admitted("image");
    assertLists(List.of(), List.of(), List.of("image"));
    changes.evicted("image");
    assertLists(List.of("image"), List.of(), List.of());
  }
}
