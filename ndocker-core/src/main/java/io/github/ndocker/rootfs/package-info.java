/** Mounts the root filesystem of an image. */
@NullMarked
package io.github.ndocker.rootfs;

import org.jspecify.annotations.NullMarked;
