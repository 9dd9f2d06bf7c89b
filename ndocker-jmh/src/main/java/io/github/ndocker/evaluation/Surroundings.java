package io.github.ndocker.evaluation;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.evaluation.report.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine and the versions that results belong to. */
final class Surroundings {
  private static final Pattern TOTAL = Pattern.compile("MemTotal: +(\\d+) kB");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final String commit;
  private final Map<String, String> versions = new LinkedHashMap<>();

  Surroundings(String commit) throws IOException {
    this.commit = commit;
    for (String program : List.of("containerd", "crun", "runc")) {
      versions.put(program, firstLine(program));
    }
  }

  /** As they are now. */
  HostFacts facts(double seconds) throws IOException {
    return new HostFacts(
        System.getProperty("os.version", "?"),
        Runtime.getRuntime().availableProcessors(),
        kilobytes(Path.of("/proc/meminfo"), TOTAL) * 1024,
        Runtime.version().toString(),
        versions,
        List.of(commit),
        kilobytes(Path.of("/proc/self/status"), PEAK) * 1024,
        seconds);
  }

  private static long kilobytes(Path file, Pattern field) throws IOException {
    Matcher found = field.matcher(Files.readString(file));
    if (!found.find()) {
      throw new NDockerException(file + " has no " + field);
    }
    return Long.parseLong(found.group(1));
  }

  private static String firstLine(String program) throws IOException {
    return HostCommand.run(program, "--version").lines().findFirst().orElse("?").strip();
  }
}
