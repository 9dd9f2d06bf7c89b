/**
 * The evaluation: the same work done by containerd, by everything slow, by everything fast and by
 * N-Docker, on the same emulated devices and network.
 */
@NullMarked
package io.github.ndocker.evaluation;

import org.jspecify.annotations.NullMarked;
