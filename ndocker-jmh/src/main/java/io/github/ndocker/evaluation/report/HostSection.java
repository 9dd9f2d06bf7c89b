package io.github.ndocker.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** How fast the devices were, and the machine. */
final class HostSection {
  private static final List<String> SPEEDS_HEAD =
      List.of(
          "slow device",
          "tier",
          "arm",
          "reading, MB/s",
          "writing, MB/s",
          "4 KiB reads/s",
          "4 KiB writes/s");

  private final Results results;

  HostSection(Results results) {
    this.results = results;
  }

  void write(Markdown report) {
    List<DeviceSpeed> speeds = results.deviceSpeeds();
    if (!speeds.isEmpty()) {
      report.heading(2, "Speed of the devices");
      report.paragraph(
          "Measured in a container of each arm, where its limits hold; median (minimum–maximum).");
      report.table(SPEEDS_HEAD, rows(speeds));
    }
    report.heading(2, "The machine");
    report.list(facts(results.host()));
  }

  private static List<List<String>> rows(List<DeviceSpeed> speeds) {
    List<List<String>> rows = new ArrayList<>();
    for (String device : Names.DEVICES.sorted(speeds.stream().map(DeviceSpeed::device).toList())) {
      for (String tier : speeds.stream().map(DeviceSpeed::tier).distinct().sorted().toList()) {
        for (String arm : Names.ARMS.sorted(speeds.stream().map(DeviceSpeed::arm).toList())) {
          List<DeviceSpeed> of =
              speeds.stream()
                  .filter(s -> s.device().equals(device))
                  .filter(s -> s.tier().equals(tier) && s.arm().equals(arm))
                  .toList();
          if (!of.isEmpty()) {
            rows.add(
                List.of(
                    device,
                    tier,
                    arm,
                    column(of, speed -> speed.readBytesPerSecond() / 1e6),
                    column(of, speed -> speed.writeBytesPerSecond() / 1e6),
                    column(of, DeviceSpeed::readsPerSecond),
                    column(of, DeviceSpeed::writesPerSecond)));
          }
        }
      }
    }
    return rows;
  }

  private static String column(List<DeviceSpeed> speeds, ToDoubleFunction<DeviceSpeed> column) {
    Sample sample = Sample.of(speeds.stream().mapToDouble(column)).orElseThrow();
    return Numbers.format("%.0f (%.0f–%.0f)", sample.median(), sample.min(), sample.max());
  }

  private static List<String> facts(HostFacts host) {
    List<String> facts = new ArrayList<>();
    facts.add("kernel " + host.kernel());
    facts.add(
        Numbers.format(
            "%d cores, %.1f GiB of memory", host.cores(), gibibytes(host.memoryBytes())));
    facts.add("Java " + host.jdk());
    new TreeMap<>(host.versions()).forEach((name, version) -> facts.add(name + " " + version));
    facts.add(
        Numbers.format("at most %.2f GiB resident in the JVM", gibibytes(host.peakJvmBytes())));
    long minutes = Math.round(host.seconds() / 60);
    facts.add("measured in %d h %d min".formatted(minutes / 60, minutes % 60));
    return facts;
  }

  private static double gibibytes(long bytes) {
    return bytes / (double) (1L << 30);
  }
}
