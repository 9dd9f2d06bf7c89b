package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One way to store images and to start containers from them. Starts may come from several threads
 * at once, everything else from one.
 */
public interface Arm extends Closeable {
  /** Its name in the report. */
  String name();

  /**
   * Fails if something is left of an image: what follows would not be a deployment from nothing.
   */
  default void requireEmpty() throws IOException {}

  /**
   * Before a deployment, and before anything is timed: forgets all that an earlier one may have
   * left behind, and looks up what the image is where the arm itself would not say.
   */
  default void expect(ImageReference image) throws IOException {}

  /** Makes an image ready to start. */
  Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException;

  /** Makes durable what {@link #deploy} left in memory, where it left something. */
  default void sync() throws IOException {}

  /** What follows the deployment before the start that is measured; for a trace, the workload. */
  default void prepare(ImageReference image, Workload workload, ContainerSpec spec)
      throws IOException {}

  /**
   * Chooses the device of the writable layers of the containers that follow: the fast one at first.
   */
  void placeWritableLayers(Tier tier) throws IOException;

  /** Whether containers can be started from what was deployed. */
  default boolean canStart() {
    return true;
  }

  /** Mounts the image afresh and starts a container in it. */
  Started start(ImageReference image, ContainerSpec spec) throws IOException;

  /** Bytes of all its images on the fast device now, metadata included. */
  long fastBytes(ImageReference image) throws IOException;

  /** Files that must not be in memory at a cold start, if they are few enough to ask for. */
  default List<Path> blobFiles() throws IOException {
    return List.of();
  }

  /** Removes the image. */
  void remove(ImageReference image) throws IOException;

  /** A container and what was mounted for it. */
  interface Started extends Closeable {
    /** The container, closed with this. */
    Container container();
  }
}
