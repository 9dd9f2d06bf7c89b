package io.github.ndocker.evaluation.arm;

import io.github.ndocker.image.ImageReference;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** How a containerd keeps the layers of images. */
public interface Snapshotter extends Closeable {
  /** Its name for containerd. */
  String name();

  /** What has to stand in containerd's configuration. */
  String configuration();

  /** The image that is pulled instead of another, of the same content. */
  ImageReference served(ImageReference image) throws IOException;

  /** The command that pulls an image. */
  List<String> pull(Containerd containerd, ImageReference image);
}
