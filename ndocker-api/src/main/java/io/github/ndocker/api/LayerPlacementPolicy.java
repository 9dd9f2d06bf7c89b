package io.github.ndocker.api;

/**
 * Decides, while an image is being deployed, which tier its bytes are stored on.
 *
 * <p>A caller that stores whole layers asks once for each layer, at the moment it becomes storable:
 * its bytes have arrived and all layers below it are stored. A caller that stores while it
 * downloads asks before each piece of a layer, and may get different answers for one layer. The
 * answer is a function of the arguments alone, so a scheduler with a downloader of its own can use
 * a policy as well as the engine does. Implementations are thread-safe, do not block, and do not
 * throw for any valid progress.
 */
@FunctionalInterface
public interface LayerPlacementPolicy {
  /**
   * Chooses the tier of one layer, or of the next piece of it.
   *
   * @param position the layer that is about to be stored, 0 for the bottom one
   * @param progress the deployment as it is now
   * @return the tier to store it on; a caller whose fast tier is full stores it on the slow one
   *     instead
   */
  Tier place(int position, DeploymentProgress progress);

  /**
   * Says why {@link #place} answers what it does.
   *
   * @param position the layer
   * @param progress the deployment as it was when the policy was asked
   * @return a sentence for a log or a person
   */
  default String explain(int position, DeploymentProgress progress) {
    return "Layer " + position + " goes to the " + place(position, progress) + " tier.";
  }
}
