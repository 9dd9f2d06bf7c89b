package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.evaluation.report.HostFacts;
import io.github.ndocker.evaluation.report.Measurement;
import java.util.List;

/**
 * What one unit of a run measured: an image, or one arm with several images. A run is continued
 * from here.
 *
 * @param name of the unit
 * @param setting what it was measured with: version, device, networks, effort
 * @param order when it was measured, among the units of the run
 * @param host where, and by which version
 * @param deviceSpeeds how fast the devices were
 * @param measurements in the order of measuring
 */
record UnitResult(
    String name,
    String setting,
    int order,
    HostFacts host,
    List<DeviceSpeed> deviceSpeeds,
    List<Measurement> measurements) {
  UnitResult {
    deviceSpeeds = List.copyOf(deviceSpeeds);
    measurements = List.copyOf(measurements);
  }

  /** Whether all of it counts; a unit of which something does not is measured again. */
  boolean counts() {
    return measurements.stream()
        .allMatch(measurement -> measurement.status() == Measurement.Status.MEASURED);
  }
}
