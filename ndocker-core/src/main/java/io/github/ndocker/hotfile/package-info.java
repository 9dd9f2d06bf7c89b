/**
 * Finds the files and byte ranges a cold start reads: static analysis of the history, tracing,
 * profiles.
 */
@NullMarked
package io.github.ndocker.hotfile;

import org.jspecify.annotations.NullMarked;
