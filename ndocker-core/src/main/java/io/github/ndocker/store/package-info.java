/** Blobs on two tiers, and the catalogue of images. */
@NullMarked
package io.github.ndocker.store;

import org.jspecify.annotations.NullMarked;
