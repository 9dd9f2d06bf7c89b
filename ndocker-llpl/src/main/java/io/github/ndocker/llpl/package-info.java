/** A blob tier in a persistent-memory heap. */
@NullMarked
package io.github.ndocker.llpl;

import org.jspecify.annotations.NullMarked;
