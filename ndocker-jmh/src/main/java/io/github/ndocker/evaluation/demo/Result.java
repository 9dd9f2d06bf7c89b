package io.github.ndocker.evaluation.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.Deployed;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.report.Sample;
import java.util.List;

/**
 * One arm's figures for one image: a record of {@code report.json}. Sizes in bytes, times in
 * seconds.
 *
 * @param image the image's name
 * @param arm how it was stored
 * @param device the emulated slow device
 * @param imageBytes bytes of the layers, uncompressed
 * @param layers number of layers
 * @param downloadSeconds from the first request to the last byte
 * @param deploySeconds from the first request to ready-to-start and durable
 * @param storeAfterDownloadSeconds the difference
 * @param fastBytesDeployed bytes on the fast device after deployment, metadata included
 * @param fastBytesSteady bytes on the fast device when containers are started, metadata included
 * @param coldStartSeconds median
 * @param coldStartMinSeconds fastest
 * @param coldStartMaxSeconds slowest
 * @param coldStarts number of cold starts measured
 * @param slowReads reads of the slow device during a cold start, median
 */
@JsonPropertyOrder({
  "image",
  "arm",
  "device",
  "imageBytes",
  "layers",
  "downloadSeconds",
  "deploySeconds",
  "storeAfterDownloadSeconds",
  "fastBytesDeployed",
  "fastBytesSteady",
  "coldStartSeconds",
  "coldStartMinSeconds",
  "coldStartMaxSeconds",
  "coldStarts",
  "slowReads"
})
record Result(
    String image,
    String arm,
    String device,
    long imageBytes,
    int layers,
    double downloadSeconds,
    double deploySeconds,
    double storeAfterDownloadSeconds,
    long fastBytesDeployed,
    long fastBytesSteady,
    double coldStartSeconds,
    double coldStartMinSeconds,
    double coldStartMaxSeconds,
    int coldStarts,
    long slowReads) {

  static Result of(
      String image,
      Arm arm,
      Device device,
      long imageBytes,
      Deployed deployed,
      long fastBytesDeployed,
      long fastBytesSteady,
      List<ColdStart> starts) {
    Sample seconds = Sample.of(starts.stream().mapToDouble(ColdStart::seconds)).orElseThrow();
    long[] reads = starts.stream().mapToLong(start -> start.slow().count()).sorted().toArray();
    double download = deployed.download().toNanos() / 1e9;
    double total = deployed.ready().toNanos() / 1e9;
    return new Result(
        image,
        arm.name(),
        device.profile().toString(),
        imageBytes,
        deployed.layers(),
        download,
        total,
        total - download,
        fastBytesDeployed,
        fastBytesSteady,
        seconds.median(),
        seconds.min(),
        seconds.max(),
        seconds.count(),
        reads[reads.length / 2]);
  }
}
