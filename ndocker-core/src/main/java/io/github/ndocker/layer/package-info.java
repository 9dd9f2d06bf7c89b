/**
 * What is in a layer: decompression, the index of a layer's tar, the merged tree of a stack of
 * layers.
 */
@NullMarked
package io.github.ndocker.layer;

import org.jspecify.annotations.NullMarked;
