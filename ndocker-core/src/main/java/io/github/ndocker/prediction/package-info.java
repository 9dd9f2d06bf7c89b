/** Predicts which files and byte ranges a cold start will read, from the image alone. */
@NullMarked
package io.github.ndocker.prediction;

import org.jspecify.annotations.NullMarked;
