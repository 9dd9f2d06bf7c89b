/** What a storage medium implements to hold blobs. */
@NullMarked
package io.github.ndocker.spi;

import org.jspecify.annotations.NullMarked;
