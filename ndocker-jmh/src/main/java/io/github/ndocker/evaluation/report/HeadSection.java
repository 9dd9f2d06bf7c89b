package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.Collectors;

/** What was measured, and what it came to in one line for each device and network. */
final class HeadSection {
  static final String REFERENCE = "containerd-slow";
  static final String OURS = "n-docker";

  private final HostFacts host;
  private final List<DeviceMeasurements> devices;

  HeadSection(HostFacts host, List<DeviceMeasurements> devices) {
    this.host = host;
    this.devices = devices;
  }

  void write(Markdown report) {
    report.heading(1, "N-Docker beside containerd");
    List<String> points = new ArrayList<>();
    for (DeviceMeasurements device : devices) {
      points.add(setting(device));
    }
    points.add(
        (host.commits().size() == 1 ? "commit: " : "commits: ") + Markdown.code(host.commits()));
    points.add("how it was measured: [method.md](method.md)");
    report.list(points);
    List<String> headlines = new ArrayList<>();
    for (DeviceMeasurements device : devices) {
      headlines.add(headline("cold start", Metric.ofFigure(device, Quantity.COLD_START, ""), ""));
      for (String network : device.networks()) {
        headlines.add(
            headline(
                "pull to ready",
                Metric.ofFigure(device, Quantity.PULL_TO_READY, network),
                ", network " + network));
      }
    }
    if (!headlines.isEmpty()) {
      report.list(headlines);
    }
    report.paragraph(
        "A ratio is one of medians over the repetitions, image by image; over images it is their"
            + " geometric mean. Seconds are medians, with minimum and maximum in brackets.");
  }

  private static String setting(DeviceMeasurements device) {
    List<String> facts = new ArrayList<>();
    facts.add("slow device " + Markdown.code(device.device()));
    if (!device.networks().isEmpty()) {
      facts.add(
          (device.networks().size() == 1 ? "network " : "networks ")
              + Markdown.code(device.networks()));
    }
    facts.add(Wording.images(device.images().size()));
    addRepetitions(facts, device, Kind.COLD_START, "cold start");
    addRepetitions(facts, device, Kind.DEPLOYMENT, "deployment");
    return String.join("; ", facts);
  }

  private static void addRepetitions(
      List<String> facts, DeviceMeasurements device, Kind kind, String name) {
    IntSummaryStatistics repetitions =
        device.all().stream()
            .filter(m -> m.kind() == kind && m.status() == Measurement.Status.MEASURED)
            .filter(m -> kind == Kind.DEPLOYMENT || Series.COLD_START.test(m))
            .collect(
                Collectors.groupingBy(
                    m -> List.of(m.image(), m.arm(), Series.of(m)),
                    Collectors.collectingAndThen(Collectors.counting(), Math::toIntExact)))
            .values()
            .stream()
            .mapToInt(Integer::intValue)
            .summaryStatistics();
    if (repetitions.getCount() > 0) {
      int least = repetitions.getMin();
      int most = repetitions.getMax();
      facts.add(
          (least == most ? "" + most : least + "–" + most)
              + (most == 1 ? " repetition of each " : " repetitions of each ")
              + name);
    }
  }

  private static String headline(String what, Metric metric, String network) {
    String compared =
        "%s, slow device %s%s: %s ÷ %s"
            .formatted(
                what,
                Markdown.code(metric.device().device()),
                network,
                Markdown.code(REFERENCE),
                Markdown.code(OURS));
    Ratios ratios = Ratios.ofTimes(metric, REFERENCE, OURS);
    if (ratios.isEmpty()) {
      return compared + ": no image has both";
    }
    return "**%s = %s** (geometric mean of %s; worst %s, best %s)"
        .formatted(
            compared,
            Numbers.times(ratios.geometricMean()),
            Wording.someOf(ratios.count(), metric.device().images().size()),
            Wording.named(ratios.smallest()),
            Wording.named(ratios.largest()));
  }
}
