package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that is given so much time, in a directory of its own, which is removed with what the
 * program left there. What it says is kept in a file, so that it never waits for a reader.
 */
final class BoundedProcess implements Closeable {
  private static final String OUTPUT = "output";
  private static final int MOST_OUTPUT = 64 << 10;

  private final Path directory;
  private final Process process;

  private BoundedProcess(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  static BoundedProcess start(List<String> command) throws IOException {
    Path directory = Files.createTempDirectory("ndocker-llpl-");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(OUTPUT).toFile());
    // what PMDK and strerror say is then English
    builder.environment().put("LC_ALL", "C");
    boolean started = false;
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      started = true;
      return new BoundedProcess(directory, process);
    } finally {
      if (!started) {
        remove(directory);
      }
    }
  }

  /** Whether it ends in time; else it is killed. */
  boolean endsWithin(Duration patience) throws IOException {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while a pool was checked");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** Its exit code, once it has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** What it said, up to a limit. */
  String output() throws IOException {
    try (var said = Files.newInputStream(directory.resolve(OUTPUT))) {
      return new String(said.readNBytes(MOST_OUTPUT), UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    remove(directory);
  }

  private static void remove(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
