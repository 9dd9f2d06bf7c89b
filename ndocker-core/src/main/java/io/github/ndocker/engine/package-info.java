/** Deploy, mount, start, trace and promote: everything joined for a host that wants it all. */
@NullMarked
package io.github.ndocker.engine;

import org.jspecify.annotations.NullMarked;
