/** Placement, hot files and tiers: the interfaces a host uses, one at a time or together. */
@NullMarked
package io.github.ndocker.api;

import org.jspecify.annotations.NullMarked;
