/** Deployments on paper: policies on images and hosts that are only numbers. */
@NullMarked
package io.github.ndocker.simulation;

import org.jspecify.annotations.NullMarked;
