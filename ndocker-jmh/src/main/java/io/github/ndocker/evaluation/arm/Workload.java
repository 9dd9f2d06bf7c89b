package io.github.ndocker.evaluation.arm;

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
 * @param category the paper's category of the image
 * @param bytes of its layers, uncompressed
 * @param arguments the program and its arguments
 * @param readiness the rule
 */
public record Workload(
    String image, String category, long bytes, List<String> arguments, Readiness readiness) {
  /** Copies the arguments. */
  public Workload {
    arguments = List.copyOf(arguments);
  }

  /** Reads {@code coldstart.json}, which make-images writes. */
  public static Workload of(String image, Path coldStarts) throws IOException {
    JsonNode entry = new ObjectMapper().readTree(coldStarts.toFile()).get(image);
    if (entry == null) {
      throw new NDockerException(coldStarts + " does not say how to start '" + image + "'");
    }
    List<String> arguments = new ArrayList<>();
    entry.path("args").forEach(argument -> arguments.add(argument.asText()));
    JsonNode ready = entry.path("ready");
    return new Workload(
        image,
        category(entry.path("category").asText()),
        entry.path("usize").asLong(),
        arguments,
        Readiness.parse(ready.path("type").asText() + ":" + ready.path("value").asText()));
  }

  /** Where the paper has no category of its own for it, it has "other". */
  private static String category(String name) {
    return switch (name) {
      case "distro", "database", "language", "web-server", "web-framework" ->
          name.replace('-', ' ');
      default -> "other";
    };
  }
}
