package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The arms of which there is not even a failed measurement of an image. */
final class Gaps {
  /** Fetches at the start what others have deployed before: only its first start is measured. */
  private static final String LAZY = "stargz";

  private final DeviceMeasurements device;

  Gaps(DeviceMeasurements device) {
    this.device = device;
  }

  List<Gap> all() {
    List<Gap> gaps = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Series series : device.series(kind)) {
        gaps.addAll(of(series));
      }
    }
    return gaps;
  }

  private List<Gap> of(Series series) {
    List<Measurement> measurements = device.all().stream().filter(series).toList();
    Set<List<String>> present = new HashSet<>();
    measurements.forEach(m -> present.add(List.of(m.image(), m.arm())));
    List<String> images =
        isOfAllImages(series)
            ? device.images()
            : measurements.stream().map(Measurement::image).distinct().toList();
    List<Gap> gaps = new ArrayList<>();
    for (String arm : arms(series, measurements)) {
      List<String> missing =
          images.stream().filter(image -> !present.contains(List.of(image, arm))).toList();
      if (!missing.isEmpty()) {
        gaps.add(new Gap(series, arm, missing));
      }
    }
    return gaps;
  }

  /** The other series may be of chosen images and arms: they lack what others of them have. */
  private static boolean isOfAllImages(Series series) {
    return series.kind() == Kind.DEPLOYMENT || series.equals(Series.COLD_START);
  }

  private List<String> arms(Series series, List<Measurement> measurements) {
    Stream<String> arms = measurements.stream().map(Measurement::arm);
    if (series.equals(Series.COLD_START)) {
      arms = Stream.concat(arms, device.arms().stream().filter(arm -> !arm.equals(LAZY)));
    }
    if (isOfAllImages(series)) {
      arms = Stream.concat(arms, Stream.of(HeadSection.REFERENCE, HeadSection.OURS));
    }
    return Names.ARMS.sorted(arms.toList());
  }

  /** What is missing of an arm in a series. */
  record Gap(Series series, String arm, List<String> images) {}
}
