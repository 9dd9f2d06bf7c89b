/** Fetches images from a registry. */
@NullMarked
package io.github.ndocker.registry;

import org.jspecify.annotations.NullMarked;
