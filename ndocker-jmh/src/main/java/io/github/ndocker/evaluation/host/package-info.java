/** The machine that is measured on: emulated devices, the page cache, programs. */
@NullMarked
package io.github.ndocker.evaluation.host;

import org.jspecify.annotations.NullMarked;
