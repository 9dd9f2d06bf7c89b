package io.github.ndocker.examples.demo;

import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.Closeable;
import java.io.IOException;

/** One way to store an image and to start containers from it. */
interface Arm extends Closeable {
  /** Its name in the report. */
  String name();

  /** Makes an image ready to start, durable as far as its media are. */
  Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException;

  /** What follows the deployment before the start that is measured; for a trace, the workload. */
  default void prepare(ImageReference image, Workload workload, ContainerSpec spec)
      throws IOException {}

  /** Mounts the image afresh and starts a container in it. */
  Started start(ImageReference image, ContainerSpec spec) throws IOException;

  /** Bytes of the image on the fast device now, metadata included. */
  long fastBytes(ImageReference image) throws IOException;

  /** Removes the image. */
  void remove(ImageReference image) throws IOException;

  /** A container and what was mounted for it. */
  interface Started extends Closeable {
    Container container();
  }
}
