package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.store.ImageRecord;
import java.util.ArrayList;
import java.util.List;

/** What an image's configuration says of its containers, as Docker reads it. */
final class ContainerSpecs {
  private static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private ContainerSpecs() {}

  static ImageConfig config(ImageRecord image) throws MalformedManifestException {
    return ImageConfig.parse(image.config(), "configuration of " + image.reference());
  }

  static ContainerSpec of(ImageConfig config, List<String> command) throws NDockerException {
    List<String> arguments = new ArrayList<>(config.entrypoint());
    arguments.addAll(command);
    List<String> environment = new ArrayList<>(config.env());
    if (environment.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
      environment.add(DEFAULT_PATH);
    }
    String directory = config.workingDir().isEmpty() ? "/" : config.workingDir();
    try {
      return new ContainerSpec(arguments, environment, directory, config.user(), List.of());
    } catch (IllegalArgumentException e) {
      throw new NDockerException("the image cannot be run as it is: " + e.getMessage(), e);
    }
  }
}
