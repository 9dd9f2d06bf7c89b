package io.github.ndocker.engine;

import io.github.ndocker.api.DeploymentProgress;

/** Hears how a deployment goes on. Called from several threads, one at a time; must not block. */
@FunctionalInterface
public interface DeploymentListener {
  /**
   * Called when bytes have arrived or were stored, or a layer's state has changed. {@link
   * DeploymentProgress#allocation} is how much is done of what there is to do.
   *
   * @param progress the deployment as it is now
   */
  void progressed(DeploymentProgress progress);
}
