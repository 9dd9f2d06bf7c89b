package io.github.ndocker.engine;

import io.github.ndocker.api.StartCommand;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.store.ImageRecord;

/** What an image's configuration says. */
final class ContainerSpecs {
  private ContainerSpecs() {}

  static ImageConfig config(ImageRecord image) throws MalformedManifestException {
    return ImageConfig.parse(image.config(), "configuration of " + image.reference());
  }

  /** What a container will start. */
  static StartCommand command(ContainerSpec spec) {
    return new StartCommand(
        spec.arguments(), spec.process().environment(), spec.process().workingDirectory());
  }
}
