package io.github.ndocker.engine;

import io.github.ndocker.api.Layer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.source.ImageSource;
import java.io.IOException;
import java.util.List;

/** How layers that no tier holds get there. Thread-safe. */
interface LayerPipeline {
  /**
   * Fetches and stores layers; returns when all are stored and durable.
   *
   * @param source where they come from
   * @param reference the image they belong to
   * @param missing the layers, from the bottom up
   * @param tracker is told of everything, and says when to give up
   * @throws IOException what failed first; nothing goes on in the background then
   */
  void run(
      ImageSource source, ImageReference reference, List<Layer> missing, DeploymentTracker tracker)
      throws IOException;
}
