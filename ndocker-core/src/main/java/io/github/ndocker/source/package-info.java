/** Where images come from: what the engine needs of a source, and sources that are files. */
@NullMarked
package io.github.ndocker.source;

import org.jspecify.annotations.NullMarked;
