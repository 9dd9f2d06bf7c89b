/** Which images' hot ranges the fast tier holds, when it cannot hold those of all. */
@NullMarked
package io.github.ndocker.budget;

import org.jspecify.annotations.NullMarked;
