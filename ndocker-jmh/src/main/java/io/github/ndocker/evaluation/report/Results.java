package io.github.ndocker.evaluation.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All that an evaluation measured: {@code results.json}.
 *
 * @param host where
 * @param deviceSpeeds how fast the devices were
 * @param measurements in the order of measuring
 */
public record Results(
    HostFacts host, List<DeviceSpeed> deviceSpeeds, List<Measurement> measurements) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Copies the lists. */
  public Results {
    deviceSpeeds = List.copyOf(deviceSpeeds);
    measurements = List.copyOf(measurements);
  }

  /** Reads {@code results.json}. */
  public static Results read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Results.class);
  }

  /** Writes {@code results.json}. */
  public void write(Path file) throws IOException {
    ReplacedFile.write(file, JSON.writeValueAsBytes(this));
  }
}
