/** What a store does, as Micrometer metrics. */
@NullMarked
package io.github.ndocker.micrometer;

import org.jspecify.annotations.NullMarked;
