package io.github.ndocker.runtime;

import io.github.ndocker.image.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an image's configuration says of its containers ("Conversion", OCI image specification). */
final class ImageDefaults {
  private static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String PREFIX = "org.opencontainers.image.";

  private ImageDefaults() {}

  static ContainerSpec of(ImageConfig config, List<String> command) {
    List<String> environment = new ArrayList<>(config.env());
    if (environment.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
      environment.add(DEFAULT_PATH);
    }
    return new ContainerSpec(
        new ContainerProcess(
            config.entrypoint(),
            command,
            environment,
            config.workingDir().isEmpty() ? "/" : config.workingDir(),
            config.user(),
            List.of(),
            config.stopSignal().isEmpty()
                ? StopSignal.TERM
                : StopSignal.parse(config.stopSignal())),
        new ContainerFiles(false, List.of(), List.of(), config.volumes()),
        ContainerSecurity.DEFAULT,
        Optional.empty(),
        List.of(),
        config.exposedPorts(),
        annotations(config),
        Optional.empty());
  }

  /**
   * A label wins over what the specification derives. Only labels about images: runtimes take
   * others for commands, such as crun those that begin with {@code run.oci}, which replace its
   * seccomp profile or load a library.
   */
  private static Map<String, String> annotations(ImageConfig config) {
    Map<String, String> annotations = new TreeMap<>();
    put(annotations, "os", config.platform().os());
    put(annotations, "architecture", config.platform().architecture());
    put(annotations, "variant", config.platform().variant());
    put(annotations, "stopSignal", config.stopSignal());
    put(annotations, "exposedPorts", String.join(",", config.exposedPorts()));
    config
        .labels()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX)) {
                annotations.put(name, value);
              }
            });
    return annotations;
  }

  private static void put(Map<String, String> annotations, String name, String value) {
    if (!value.isEmpty()) {
      annotations.put(PREFIX + name, value);
    }
  }
}
