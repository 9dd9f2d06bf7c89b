package io.github.ndocker.evaluation.report;

import static io.github.ndocker.evaluation.report.Recorded.coldStart;
import static io.github.ndocker.evaluation.report.Recorded.deployment;
import static io.github.ndocker.evaluation.report.Recorded.set;
import static io.github.ndocker.evaluation.report.Recorded.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import io.github.ndocker.evaluation.report.Measurement.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationReportTest {
  private static final HostFacts HOST =
      new HostFacts(
          "6.12.1",
          2,
          8L << 30,
          "17.0.15",
          Map.of("crun", "1.14", "containerd", "1.7.24"),
          List.of("abc1234"),
          3L << 29,
          7380);

  @TempDir Path directory;

  @Test
  void headlineIsTheGeometricMeanOfRatiosOfMediansWithTheWorstImageNamed() throws IOException {
    String report =
        report(
            coldStart("python", "containerd-slow", 8).rep(0),
            coldStart("python", "containerd-slow", 4).rep(1),
            coldStart("python", "containerd-slow", 99).rep(2),
            coldStart("python", "n-docker", 0.5).rep(0),
            coldStart("python", "n-docker", 0.4).rep(1),
            coldStart("python", "n-docker", 0.7).rep(2),
            coldStart("redis", "containerd-slow", 2).build(),
            coldStart("redis", "n-docker", 0.5).build());
    // 16 and 4
    assertHas(
        report,
        "**cold start, slow device `hdd`: `containerd-slow` ÷ `n-docker` = 8.00×**"
            + " (geometric mean of 2 images; worst redis 4.00×, best python 16.0×)");
    assertHas(report, "slow device `hdd`; 2 images; 1–3 repetitions of each cold start");
    assertHas(report, "commit: `abc1234`");
    assertHas(report, "[method.md](method.md)");
    assertHas(report, "| python | 8.00 (4.00–99.0) | 0.500 (0.400–0.700) |");
    assertHas(report, "| **geometric mean** | 4.00 | 0.500 |");
  }

  @Test
  void hotFilesAreComparedWithWhatTheyGainAndTake() throws IOException {
    String report =
        report(
            coldStart("python", "all-fast", 0.5).build(),
            coldStart("python", "all-slow", 2.5).slowReads(300).build(),
            coldStart("python", "n-docker", 0.525).slowReads(4).build(),
            coldStart("python", "n-docker-predicted", 1).steadyBytes(20_000_000).build(),
            coldStart("redis", "all-fast", 0.5).build(),
            coldStart("redis", "all-slow", 1.5).build(),
            coldStart("redis", "n-docker", 0.5).slowReads(8).build(),
            coldStart("redis", "n-docker-predicted", 1.25).steadyBytes(10_000_000).build(),
            start(Kind.CONCURRENT_START, "python", "all-fast", 2).concurrency(20).build(),
            start(Kind.CONCURRENT_START, "python", "n-docker", 2.2).concurrency(20).build(),
            set("2 images", "language", "n-docker", 8_000_000),
            set("5 images", "all", "n-docker", 9_000_000));
    assertHas(
        report, "| `n-docker` ÷ `all-fast` | 1.025× | redis 1.00× | python 1.05× | 2 images |");
    assertHas(report, "| python, 20 containers | 1.100× |");
    assertHas(report, "| `n-docker` | 6 | 4 | 8 |");
    assertHas(report, "| language (2 images) | 100 MB | 8.0 MB, 8.0% |");
    assertHas(report, "| all (5 images) | 100 MB | 9.0 MB, 9.0% |");
    // 1.5 of 1.975 seconds, and 0.25 of 1
    assertHas(report, "| python | 2.50 | 1.00 | 0.525 | 75.9% | 20.0% |");
    assertHas(report, "| **median** |  |  |  | 50.5% | 15.0% |");
    // no row of a figure is of several images in one engine
    assertHas(report, "| all (2) |");
    assertFalse(report.contains("| all (4)"), report);
  }

  @Test
  void headlineOfPullToReadyIsOfEachNetworkInOrder() throws IOException {
    String report =
        report(
            deployment("python", "containerd-slow", 10).build(),
            deployment("python", "n-docker", 2).build(),
            deployment("python", "containerd-slow", 30).network("100mbit").build(),
            deployment("python", "n-docker", 20).network("100mbit").build());
    String slow =
        "pull to ready, slow device `hdd`, network 100mbit: `containerd-slow` ÷ `n-docker` = 1.50×";
    String fast =
        "pull to ready, slow device `hdd`, network 1gbit: `containerd-slow` ÷ `n-docker` = 5.00×";
    assertHas(report, slow);
    assertHas(report, fast);
    assertTrue(report.indexOf(slow) < report.indexOf(fast), report);
    assertHas(report, "networks `100mbit`, `1gbit`");
  }

  @Test
  void otherSeriesOfStartsDoNotReachTheHeadline() throws IOException {
    String report =
        report(
            coldStart("python", "containerd-slow", 3).build(),
            coldStart("python", "n-docker", 1).build(),
            coldStart("python", "containerd-slow", 50).writableLayer("slow").build(),
            coldStart("python", "containerd-slow", 60).starter("ctr").build(),
            coldStart("python", "containerd-slow", 70).concurrency(5).build());
    assertHas(report, "`containerd-slow` ÷ `n-docker` = 3.00×");
    assertHas(report, "### Cold start, started by crun, writable layer slow");
    assertHas(report, "### Cold start, started by ctr, writable layer fast");
  }

  @Test
  void whatIsVoidOrFailedIsLeftOutAndListedWithItsReason() throws IOException {
    String report =
        report(
            coldStart("python", "containerd-slow", 6).rep(0),
            coldStart("python", "containerd-slow", 900)
                .not(Status.VOID, "read 9|10 faster\nthan allowed")
                .rep(1),
            coldStart("python", "containerd-slow", 901)
                .not(Status.VOID, "read 9|10 faster\nthan allowed")
                .rep(2),
            coldStart("python", "n-docker", 2).build(),
            coldStart("redis", "n-docker", 2).not(Status.FAILED, "never ready").build());
    assertHas(report, "= 3.00×** (geometric mean of 1 of 2 images;");
    assertHas(
        report,
        "| hdd | containerd-slow | cold start, started by crun, writable layer fast"
            + " | void: read 9\\|10 faster than allowed | python (2) |");
    assertHas(
        report,
        "| hdd | n-docker | cold start, started by crun, writable layer fast"
            + " | failed: never ready | redis (1) |");
    assertFalse(report.contains("900") || report.contains("901"), report);
  }

  @Test
  void missingArmsOfAnImageAreNamed() throws IOException {
    String report =
        report(
            coldStart("python", "containerd-slow", 6).build(),
            coldStart("python", "stargz", 5).build(),
            coldStart("python", "n-docker", 2).build(),
            coldStart("redis", "containerd-slow", 2).build(),
            deployment("redis", "all-fast", 2).build());
    String start = "cold start, started by crun, writable layer fast | not measured | ";
    assertHas(report, "| hdd | stargz | " + start + "redis |");
    assertHas(report, "| hdd | n-docker | " + start + "redis |");
    assertHas(report, "| hdd | all-fast | " + start + "python, redis |");
    assertFalse(report.contains("| containerd-slow | " + start), report);
    assertHas(report, "| hdd | all-fast | deployment, network 1gbit | not measured | python |");
    assertHas(
        report, "| hdd | n-docker | deployment, network 1gbit | not measured | python, redis |");
  }

  @Test
  void theSectionOfWhatDoesNotCountIsLeftOutIfEverythingDoes() throws IOException {
    String report =
        report(
            coldStart("python", "containerd-slow", 6).build(),
            coldStart("python", "n-docker", 2).build());
    assertFalse(report.contains("What does not count"), report);
    assertFalse(report.contains("Figure 4"), report);
    assertFalse(report.contains("Warm start"), report);
    assertFalse(report.contains("at once"), report);
  }

  @Test
  void thePapersNumbersStandBesideTheSameNumbersHere() throws IOException {
    String report =
        report(
            deployment("python", "containerd-slow", 1).seconds(6, 12, 10).build(),
            deployment("python", "all-slow", 1).seconds(3, 8, 4).build(),
            deployment("python", "n-docker", 1).seconds(2, 4, 1).deployedBytes(10).build(),
            deployment("python", "containerd-fast", 1).deployedBytes(30).build(),
            deployment("python", "all-fast", 1).deployedBytes(20).build(),
            deployment("redis", "containerd-fast", 1).deployedBytes(10).build(),
            deployment("redis", "n-docker", 1).deployedBytes(20).build(),
            coldStart("python", "containerd-slow", 9).build(),
            coldStart("python", "all-slow", 4).build(),
            coldStart("python", "n-docker", 2).steadyBytes(3).build(),
            coldStart("python", "containerd-fast", 1.6).steadyBytes(100).build(),
            coldStart("python", "all-fast", 2.5).steadyBytes(50).build());
    assertHas(
        report,
        "| deployment, until durable, Docker on disk ÷ N-Docker | 1.21× | 1gbit"
            + " | 3.00× (1 of 2 images) | 2.00× (1 of 2 images) |");
    assertHas(report, "| 1.21× | 1gbit | 3.00× (1 of 2 images) | 1.50× (1 of 2 images) |");
    assertHas(report, "| −90.3% | 1gbit | −90.0% (1 of 2 images) | −75.0% (1 of 2 images) |");
    // (10 + 20) of (30 + 10), and 10 of 20
    assertHas(report, "| −28.53% | 1gbit | −25.0% | −50.0% (1 of 2 images) |");
    assertHas(report, "| 2.96× |  | 4.50× (1 of 2 images) | 2.00× (1 of 2 images) |");
    assertHas(report, "| +2% |  | +25.0% (1 of 2 images) | −20.0% (1 of 2 images) |");
    assertHas(report, "| −88.22% |  | −97.0% (1 of 2 images) | −94.0% (1 of 2 images) |");
  }

  @Test
  void storingInNoTimeCountsAsAMillisecond() throws IOException {
    String report =
        report(
            deployment("python", "containerd-slow", 1).seconds(1, 1, 0.1).build(),
            deployment("python", "n-docker", 1).seconds(1, 1, 0).build());
    assertHas(report, "| −90.3% | 1gbit | −99.0% |");
  }

  @Test
  void storingWhileDownloadingIsHeldAgainstTheLeastThatAnybodyNeeds() throws IOException {
    // 100 MB, of which the disk writes 60 MB in the half second that the download takes
    String report =
        report(
            deployment("python", "download", 1).seconds(0.5, 0.5, 0).download(0.5).build(),
            deployment("python", "all-fast-streaming", 1).seconds(0.6, 0.6, 0.1).build(),
            deployment("python", "n-docker-pipelined", 1)
                .seconds(0.63, 0.63, 0.05)
                .layerBytes(44_000_000)
                .build(),
            deployment("python", "n-docker", 1)
                .seconds(0.9, 0.9, 0.4)
                .layerBytes(30_000_000)
                .build(),
            deployment("python", "containerd-slow", 1).seconds(2, 3, 2.5).build(),
            deployment("redis", "n-docker-pipelined", 1).seconds(9, 9, 9).layerBytes(1).build());
    assertHas(report, "### Storing while downloading, network 1gbit");
    assertHas(
        report,
        "| python | 0.500 | 0.600 | 0.630 | 0.900 | 0.130 (bound 0.150) | 40.0 MB | 44.0 MB |"
            + " 30.0 MB | 2.0% |");
    assertHas(report, "of the sums: 1.05× (worst python, 1.05×)");
    assertHas(report, "1 of 1 images are within");
    assertHas(report, "of the sums: 44.0 MB, the least 40.0 MB (1.10×), LASS 30.0 MB");
    assertHas(report, "of the sums: 2.0% (1 of 1 images within 5%; worst python, 2.0%)");
    assertHas(report, "worse than LASS in time and bytes at once: no image");
    assertFalse(report.contains("| redis | 9"), report);
  }

  @Test
  void figuresAreByCategoryInTheOrderOfThePaper() throws IOException {
    String report =
        report(
            coldStart("nginx", "n-docker", 4).category("web server").steadyBytes(1_000_000).build(),
            coldStart("kv", "n-docker", 1).category("key value").steadyBytes(2_000_000).build(),
            coldStart("redis", "n-docker", 2).category("database").steadyBytes(3_000_000).build(),
            coldStart("mariadb", "n-docker", 8).category("database").steadyBytes(4_000_000).build(),
            coldStart("mariadb", "containerd-slow", 20).category("database").build());
    assertHas(
        report,
        """
        | category (images) | containerd-slow | n-docker |
        | --- | --- | --- |
        | database (2) | 20.0 (1 of 2) | 4.00 |
        | web server (1) |  | 4.00 |
        | key value (1) |  | 1.00 |
        | all (4) | 20.0 (1 of 4) | 2.83 |
        """);
    assertHas(report, "| database (2) | 7.0 MB, 3.5% |");
    assertHas(report, "| all (4) | 10.0 MB, 2.5% |");
  }

  @Test
  void chartsAreWrittenAsPngAndSvgAndLinked() throws IOException {
    String report =
        report(
            deployment("python", "containerd-slow", 1).seconds(6, 12, 10).deployedBytes(0).build(),
            deployment("python", "n-docker", 1).seconds(2, 4, 0).deployedBytes(10).build(),
            coldStart("python", "n-docker", 2).steadyBytes(3).build(),
            coldStart("redis", "an arm/of tomorrow", 2).category("database").build());
    List<String> names =
        List.of(
            "figure-4-deployment-hdd-1gbit",
            "figure-4-pull-hdd-1gbit",
            "figure-5-fast-bytes-hdd-1gbit",
            "figure-6-storing-hdd-1gbit",
            "figure-7-cold-start-hdd",
            "figure-8-fast-bytes-hdd",
            "pull-to-ready-hdd-1gbit");
    for (String name : names) {
      assertHas(report, "(" + name + ".png)");
      assertHas(report, "(" + name + ".svg)");
      byte[] png = Files.readAllBytes(directory.resolve(name + ".png"));
      assertEquals("\u0089PNG\r\n\u001a\n", latin1(Arrays.copyOf(png, 8)));
      assertHas(Files.readString(directory.resolve(name + ".svg")), "<svg");
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(2 * names.size() + 1, files.count());
    }
  }

  @Test
  void chartsOfNothingButZerosAreDrawn() throws IOException {
    report(
        deployment("python", "containerd-slow", 1).seconds(0, 0, 0).deployedBytes(0).build(),
        coldStart("python", "containerd-slow", 0).steadyBytes(0).build());
    assertTrue(Files.size(directory.resolve("figure-5-fast-bytes-hdd-1gbit.png")) > 0);
    assertTrue(Files.size(directory.resolve("figure-6-storing-hdd-1gbit.png")) > 0);
  }

  @Test
  void armsComeInTheKnownOrderAndUnknownOnesAfterThem() throws IOException {
    String report =
        report(
            coldStart("python", "zram", 1).build(),
            coldStart("python", "n-docker", 1).build(),
            coldStart("python", "overlay", 1).build(),
            coldStart("python", "containerd-slow", 1).build());
    assertHas(report, "| image | containerd-slow | n-docker | zram | overlay |");
  }

  @Test
  void severalContainersAtOnceAreComparedWithAllFast() throws IOException {
    String report =
        report(
            start(Kind.CONCURRENT_START, "python", "all-fast", 1).concurrency(5).build(),
            start(Kind.CONCURRENT_START, "python", "n-docker", 2).concurrency(5).build(),
            start(Kind.CONCURRENT_START, "python", "all-fast", 3).concurrency(20).build(),
            start(Kind.CONCURRENT_START, "python", "n-docker", 3).concurrency(20).build(),
            start(Kind.MIXED_START, "10", "all-fast", 2).concurrency(10).build(),
            start(Kind.MIXED_START, "10", "n-docker", 3).concurrency(10).build(),
            start(Kind.BUSY_START, "python", "all-fast", 2).build(),
            start(Kind.BUSY_START, "python", "n-docker", 5).build());
    assertHas(
        report,
        """
        | image, containers | all-fast | n-docker |
        | --- | --- | --- |
        | python, 5 | 1.00 (1.00–1.00), 1.00× | 2.00 (2.00–2.00), 2.00× |
        | python, 20 | 3.00 (3.00–3.00), 1.00× | 3.00 (3.00–3.00), 1.00× |
        """);
    assertHas(report, "| 10 | 2.00 (2.00–2.00), 1.00× | 3.00 (3.00–3.00), 1.50× |");
    assertHas(report, "| python | 2.00 (2.00–2.00), 1.00× | 5.00 (5.00–5.00), 2.50× |");
    assertHas(report, "; 1 image\n");
  }

  @Test
  void warmStartsAndReadsOfTheSlowDeviceHaveTheirTables() throws IOException {
    String report =
        report(
            coldStart("python", "n-docker", 2).warm(0.25).slowReads(12).rep(0),
            coldStart("python", "n-docker", 2).warm(0.35).slowReads(15).rep(1));
    assertHas(report, "| python | 0.300 (0.250–0.350) |");
    assertHas(report, "| python | 13.5 |");
  }

  @Test
  void everyDeviceHasAHeadlineAndASection() throws IOException {
    String report =
        report(
            coldStart("python", "containerd-slow", 3).device("cloud").build(),
            coldStart("python", "n-docker", 2).device("cloud").build(),
            coldStart("python", "containerd-slow", 9).build(),
            coldStart("python", "n-docker", 2).build());
    assertHas(report, "slow device `hdd`: `containerd-slow` ÷ `n-docker` = 4.50×");
    assertHas(report, "slow device `cloud`: `containerd-slow` ÷ `n-docker` = 1.50×");
    assertTrue(
        report.indexOf("## Slow device hdd") < report.indexOf("## Slow device cloud"), report);
    assertTrue(Files.exists(directory.resolve("figure-7-cold-start-cloud.png")));
  }

  @Test
  void speedsAndTheMachineComeLast() throws IOException {
    Results results =
        new Results(
            HOST,
            List.of(
                new DeviceSpeed("n-docker", "slow", "hdd", 120e6, 118e6, 150, 600),
                new DeviceSpeed("n-docker", "slow", "hdd", 122e6, 118e6, 152, 600),
                new DeviceSpeed("containerd-slow", "slow", "hdd", 121e6, 117e6, 149, 599)),
            List.of());
    String report = report(results);
    assertHas(
        report,
        "| hdd | slow | containerd-slow | 121 (121–121) | 117 (117–117) | 149 (149–149)"
            + " | 599 (599–599) |\n"
            + "| hdd | slow | n-docker | 121 (120–122) | 118 (118–118) | 151 (150–152)"
            + " | 600 (600–600) |\n");
    assertHas(report, "- containerd 1.7.24\n- crun 1.14\n");
    assertHas(report, "- at most 1.50 GiB resident in the JVM\n- measured in 2 h 3 min\n");
  }

  @Test
  void keptResultsAreEnoughToMakeTheReportAgain() throws IOException {
    Path kept = directory.resolve("results.json");
    new Results(HOST, List.of(), List.of(coldStart("python", "n-docker", 2).build())).write(kept);
    Path out = directory.resolve("a").resolve("b");
    EvaluationReport.main(new String[] {kept.toString(), out.toString()});
    assertHas(Files.readString(out.resolve("report.md")), "python");
  }

  private String report(Measurement... measurements) throws IOException {
    return report(new Results(HOST, List.of(), List.of(measurements)));
  }

  private String report(Results results) throws IOException {
    new EvaluationReport(results).write(directory);
    return Files.readString(directory.resolve("report.md"));
  }

  private static void assertHas(String text, String part) {
    assertTrue(text.contains(part), () -> "no \"" + part + "\" in\n" + text);
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
