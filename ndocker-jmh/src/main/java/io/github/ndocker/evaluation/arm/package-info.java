/** Ways to store an image, and what is measured of each. */
@NullMarked
package io.github.ndocker.evaluation.arm;

import org.jspecify.annotations.NullMarked;
