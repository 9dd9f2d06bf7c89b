package io.github.ndocker.api;

/**
 * Decides, while an image is being deployed, which tier a layer is stored on.
 *
 * <p>Asked once for each layer, at the moment it becomes storable: its bytes have arrived and all
 * layers below it are stored. The answer is a function of the arguments alone, so a scheduler with
 * a downloader of its own can use a policy as well as the engine does. Implementations are
 * thread-safe, do not block, and do not throw for any valid progress.
 */
@FunctionalInterface
public interface LayerPlacementPolicy {
  /**
   * Chooses the tier of one layer.
   *
   * @param position the layer that is about to be stored, 0 for the bottom one
   * @param progress the deployment as it is now
   * @return the tier to store the layer on; a caller whose fast tier is full stores it on the slow
   *     one instead
   */
  Tier place(int position, DeploymentProgress progress);
}
