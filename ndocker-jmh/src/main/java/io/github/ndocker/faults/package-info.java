/**
 * Makes the machine under a store fail in every way that can be had without special hardware, and
 * looks at what is left: {@code scripts/test --faults}.
 */
@org.jspecify.annotations.NullMarked
package io.github.ndocker.faults;
