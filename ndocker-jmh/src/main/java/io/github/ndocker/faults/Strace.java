package io.github.ndocker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.NDockerException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes system calls of a process fail, or the process die at one. It is attached when the victim
 * is ready, so that neither the start of a JVM nor its class loading is counted; which is also why
 * {@code --seccomp-bpf} is of no use: it is for processes that strace starts.
 */
final class Strace implements Closeable {
  /** Calls that change what is on a medium. */
  static final List<String> CHANGES =
      List.of(
          "write",
          "pwrite64",
          "fsync",
          "fdatasync",
          "msync",
          "rename",
          "unlink",
          "link",
          "ftruncate",
          "mkdir");

  private final Process process;
  private final BufferedReader errors;

  private Strace(Process process) {
    this.process = process;
    this.errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
  }

  /**
   * Attaches to a process, and lets it fail.
   *
   * @param pid the process
   * @param injection what and when, as strace wants it
   * @param files only calls on these count; on any if there are none
   */
  static Strace inject(long pid, String injection, List<Path> files) throws IOException {
    String calls = injection.substring(0, injection.indexOf(':'));
    List<String> options =
        new ArrayList<>(
            List.of("-e", "trace=" + calls, "-e", "inject=" + injection, "-o", "/dev/null"));
    for (Path file : files) {
      options.add("-P");
      options.add(file.toString());
    }
    return attach(options, pid);
  }

  /** Attaches to a process, and writes its calls to a file. */
  static Strace record(long pid, Path file) throws IOException {
    return attach(List.of("-e", "trace=" + String.join(",", CHANGES), "-o", file.toString()), pid);
  }

  private static Strace attach(List<String> options, long pid) throws IOException {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-p", "" + pid));
    command.addAll(options);
    Strace strace =
        new Strace(
            new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    String line = strace.errors.readLine();
    while (line != null && line.contains("Requested path")) {
      line = strace.errors.readLine();
    }
    if (line == null || !line.contains("attached")) {
      strace.close();
      throw new NDockerException("strace did not attach to process " + pid + ": " + line);
    }
    return strace;
  }

  /** The moments before each call of a recording, as the thread counts that made most of them. */
  static List<KillPoint> points(Path recording) throws IOException {
    Map<String, Map<String, Integer>> byCall = new TreeMap<>();
    for (String line : Files.readAllLines(recording)) {
      String[] words = line.split("\\s+", 2);
      int parenthesis = words.length < 2 ? -1 : words[1].indexOf('(');
      if (parenthesis > 0 && CHANGES.contains(words[1].substring(0, parenthesis))) {
        byCall
            .computeIfAbsent(words[1].substring(0, parenthesis), call -> new HashMap<>())
            .merge(words[0], 1, Integer::sum);
      }
    }
    List<KillPoint> points = new ArrayList<>();
    byCall.forEach(
        (call, threads) -> {
          int most = threads.values().stream().mapToInt(Integer::intValue).max().orElse(0);
          for (int number = 1; number <= most; number++) {
            points.add(new KillPoint(call, number));
          }
        });
    return points;
  }

  /** It ends with its process; this is for one that goes on. */
  @Override
  public void close() throws IOException {
    process.destroy();
    errors.close();
  }
}
