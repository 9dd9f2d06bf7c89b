/** Microbenchmarks of what deployment and mounting spend their time on in Java. */
@NullMarked
package io.github.ndocker.jmh;

import org.jspecify.annotations.NullMarked;
