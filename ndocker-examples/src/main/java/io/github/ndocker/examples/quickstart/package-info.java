/** The example of the README. */
@NullMarked
package io.github.ndocker.examples.quickstart;

import org.jspecify.annotations.NullMarked;
