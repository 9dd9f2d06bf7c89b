package io.github.ndocker.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a balance has changed so far, each image in one list at most. For one thread. */
final class BalanceChanges {
  private final Set<String> evicted = new LinkedHashSet<>();
  private final Set<String> admitted = new LinkedHashSet<>();
  private final Set<String> renewed = new LinkedHashSet<>();
  private final List<BudgetFailure> failures = new ArrayList<>();
  private boolean any;

  void evicted(String image) {
    any = true;
    renewed.remove(image);
    // what has to go again was not admitted
    if (!admitted.remove(image)) {
      evicted.add(image);
    }
  }

  void admitted(String image) {
    any = true;
    // one that left for another one that could not be packed is back
    if (evicted.remove(image)) {
      renewed.add(image);
    } else {
      admitted.add(image);
    }
  }

  void renewed(String image) {
    any = true;
    if (!admitted.contains(image)) {
      renewed.add(image);
    }
  }

  void failed(String image, IOException reason) {
    failures.add(new BudgetFailure(image, reason));
  }

  /** Whether packs have come or gone, also if all is as before. */
  boolean isAny() {
    return any;
  }

  BudgetReport report(long heldBytes, long budgetBytes) {
    return new BudgetReport(
        List.copyOf(evicted),
        List.copyOf(admitted),
        List.copyOf(renewed),
        heldBytes,
        budgetBytes,
        failures);
  }
}
