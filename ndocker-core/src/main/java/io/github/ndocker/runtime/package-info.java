/** Runs containers under an OCI runtime and tells when they are ready. */
@NullMarked
package io.github.ndocker.runtime;

import org.jspecify.annotations.NullMarked;
