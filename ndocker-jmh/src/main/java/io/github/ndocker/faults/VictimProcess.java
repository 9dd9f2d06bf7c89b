package io.github.ndocker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM beside this one. Killed when it is closed, or when this program is told to end. */
final class VictimProcess implements Closeable {
  private static final int KILLED = 128 + 9;

  private final Process process;
  private final BufferedReader lines;
  private final Path errors;

  private VictimProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Starts a workload; it waits until it is let go on. */
  static Shutdown.Closed<VictimProcess> start(Site site, Workload workload, long seed)
      throws IOException {
    return start(site, workload, seed, List.of());
  }

  /** The same with options of {@link Victim}. */
  static Shutdown.Closed<VictimProcess> start(
      Site site, Workload workload, long seed, List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(site.places().toArguments());
    arguments.add(workload.name());
    arguments.add("" + seed);
    arguments.addAll(options);
    return Shutdown.open(() -> java(site, Victim.class, arguments));
  }

  /** Looks at a store in a process of its own: a class that prints an inventory. */
  static Inventory examine(Site site, Class<?> main, List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(site.places().toArguments());
    arguments.addAll(options);
    try (Shutdown.Closed<VictimProcess> child = Shutdown.open(() -> java(site, main, arguments))) {
      List<String> said = child.get().lines.lines().toList();
      child.get().requireGoodEnd();
      return Inventory.ofLines(said);
    }
  }

  private static VictimProcess java(Site site, Class<?> main, List<String> arguments)
      throws IOException {
    Path outside = site.side();
    Path temporary = Files.createDirectories(outside.resolve("tmp"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // such a JVM is ready in a few tenths of a second
    command.addAll(
        List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"));
    // no writes to be counted but those of the store; no core to be written when it is killed
    command.addAll(List.of("-XX:-UsePerfData", "-XX:-CreateCoredumpOnCrash"));
    command.add("-XX:ErrorFile=" + outside.resolve("crash.log"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Path errors = outside.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    return new VictimProcess(process, errors);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it has opened what it opens. */
  void awaitReady() throws IOException {
    String line = lines.readLine();
    if (!"ready".equals(line)) {
      await();
      throw new IOException("it could not be opened: " + errors());
    }
  }

  /** Lets it go on. */
  void letGoOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /**
   * Reads until it has said that so many steps were done or failed, or until its end.
   *
   * @return false if it has ended
   */
  boolean follow(Journal journal, long steps) throws IOException {
    for (long taken = 0; taken < steps; ) {
      String line = lines.readLine();
      if (line == null) {
        return false;
      }
      journal.add(line);
      taken += line.equals("done") || line.startsWith("failed") ? 1 : 0;
    }
    return true;
  }

  /** Follows it to its end, however it comes. */
  void followToEnd(Journal journal) throws IOException {
    follow(journal, Long.MAX_VALUE);
    journal.ended();
    await();
  }

  /** Kills it. */
  void kill() throws IOException {
    // not that of the process itself, which closes what the victim has still said
    process.toHandle().destroyForcibly();
    await();
  }

  /** Throws what it said if it has not ended as it should. */
  void requireGoodEnd() throws IOException {
    if (await() != 0) {
      throw new IOException("exit code " + process.exitValue() + ": " + errors());
    }
  }

  /** Whether a bug, and not the fault, has ended it. */
  void requireNoBug() throws IOException {
    int code = await();
    if (code != 0 && code != Victim.REFUSED && code != KILLED) {
      throw new IOException("exit code " + code + ": " + errors());
    }
  }

  private int await() throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a victim ran");
    }
  }

  private String errors() throws IOException {
    return Files.readString(errors).strip().replace('\n', ' ');
  }

  @Override
  public void close() throws IOException {
    kill();
    lines.close();
  }
}
