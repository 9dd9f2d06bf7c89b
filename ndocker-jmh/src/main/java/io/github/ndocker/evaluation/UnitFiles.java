package io.github.ndocker.evaluation;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.evaluation.report.HostFacts;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.ReplacedFile;
import io.github.ndocker.evaluation.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The results of a run so far, a file for each unit: it can be stopped at any time. */
final class UnitFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path directory;

  /** Removes what was being written when an earlier run was stopped. */
  UnitFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    for (Path file : files(ReplacedFile.INCOMING)) {
      Files.delete(file);
    }
  }

  Optional<UnitResult> find(String name) throws IOException {
    Path file = file(name);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  void put(UnitResult result) throws IOException {
    ReplacedFile.write(file(result.name()), JSON.writeValueAsBytes(result));
  }

  /** Of the unit that is measured next. */
  int nextOrder() throws IOException {
    return all().stream().mapToInt(UnitResult::order).max().orElse(-1) + 1;
  }

  List<UnitResult> all() throws IOException {
    List<UnitResult> results = new ArrayList<>();
    for (Path file : files(".json")) {
      results.add(read(file));
    }
    results.sort(Comparator.comparingInt(UnitResult::order));
    return results;
  }

  /** All of it as one. */
  Results results() throws IOException {
    List<UnitResult> units = all();
    if (units.isEmpty()) {
      throw new NDockerException("nothing has been measured yet");
    }
    List<DeviceSpeed> speeds = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    Set<String> commits = new LinkedHashSet<>();
    long peak = 0;
    double seconds = 0;
    for (UnitResult unit : units) {
      speeds.addAll(unit.deviceSpeeds());
      measurements.addAll(unit.measurements());
      commits.addAll(unit.host().commits());
      peak = Math.max(peak, unit.host().peakJvmBytes());
      seconds += unit.host().seconds();
    }
    HostFacts last = units.get(units.size() - 1).host();
    return new Results(
        new HostFacts(
            last.kernel(),
            last.cores(),
            last.memoryBytes(),
            last.jdk(),
            last.versions(),
            List.copyOf(commits),
            peak,
            seconds),
        speeds,
        measurements);
  }

  private Path file(String name) {
    return directory.resolve(name + ".json");
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static UnitResult read(Path file) throws IOException {
    try {
      return JSON.readValue(file.toFile(), UnitResult.class);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new NDockerException(
          file + " is not a result of this version; delete it to measure again", e);
    }
  }
}
