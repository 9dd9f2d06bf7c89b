/** The system calls that Java has no name for. */
@NullMarked
package io.github.ndocker.linux;

import org.jspecify.annotations.NullMarked;
