/** Policies that choose the tier of a layer while its image is deployed. */
@NullMarked
package io.github.ndocker.placement;

import org.jspecify.annotations.NullMarked;
