/** References, manifests and configurations of images. */
@NullMarked
package io.github.ndocker.image;

import org.jspecify.annotations.NullMarked;
