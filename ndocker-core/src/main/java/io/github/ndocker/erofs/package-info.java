/** Writes the metadata image of a root filesystem whose file contents lie in other files. */
@NullMarked
package io.github.ndocker.erofs;

import org.jspecify.annotations.NullMarked;
