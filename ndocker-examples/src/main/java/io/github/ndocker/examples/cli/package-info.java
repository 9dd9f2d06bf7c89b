/** The command line. */
@NullMarked
package io.github.ndocker.examples.cli;

import org.jspecify.annotations.NullMarked;
