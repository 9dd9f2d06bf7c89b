package io.github.ndocker.examples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is started of an image, and when it is ready.
 *
 * @param image the image's name
 * @param arguments the program and its arguments
 * @param readiness the rule
 */
record Workload(String image, List<String> arguments, Readiness readiness) {
  Workload {
    arguments = List.copyOf(arguments);
  }

  /** Reads {@code coldstart.json}, which make-images writes. */
  static Workload of(String image, Path coldStarts) throws IOException {
    JsonNode entry = new ObjectMapper().readTree(coldStarts.toFile()).get(image);
    if (entry == null) {
      throw new NDockerException(coldStarts + " does not say how to start '" + image + "'");
    }
    List<String> arguments = new ArrayList<>();
    entry.path("args").forEach(argument -> arguments.add(argument.asText()));
    JsonNode ready = entry.path("ready");
    return new Workload(
        image,
        arguments,
        Readiness.parse(ready.path("type").asText() + ":" + ready.path("value").asText()));
  }
}
