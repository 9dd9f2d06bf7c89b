package io.github.ndocker.engine;

import java.io.IOException;
import java.util.Objects;

/**
 * Something that a balance of the fast tier could not do. All else was done. Immutable.
 *
 * @param reference the image
 * @param reason why not, such as a {@link io.github.ndocker.api.TierFullException}
 */
public record BudgetFailure(String reference, IOException reason) {
  /** Checks that nothing is missing. */
  public BudgetFailure {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(reason, "reason");
  }
}
