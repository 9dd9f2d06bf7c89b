/** Compares what static analysis predicts of a cold start with a trace of one. */
@NullMarked
package io.github.ndocker.evaluation.prediction;

import org.jspecify.annotations.NullMarked;
