/** Which images are accepted: trusted keys, and the signatures that cosign makes with them. */
@NullMarked
package io.github.ndocker.trust;

import org.jspecify.annotations.NullMarked;
