/** The demonstration: one image, several ways to store it, side by side. */
@NullMarked
package io.github.ndocker.evaluation.demo;

import org.jspecify.annotations.NullMarked;
