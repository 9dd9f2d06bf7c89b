/**
 * Policies on paper, with images and hosts that are only numbers; and {@link
 * io.github.ndocker.simulation.BudgetTrial} beside the same on real ones.
 */
@NullMarked
package io.github.ndocker.simulation;

import org.jspecify.annotations.NullMarked;
