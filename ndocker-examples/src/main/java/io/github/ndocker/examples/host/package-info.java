/** A host with a downloader of its own that embeds nothing but the placement policy. */
@NullMarked
package io.github.ndocker.examples.host;

import org.jspecify.annotations.NullMarked;
