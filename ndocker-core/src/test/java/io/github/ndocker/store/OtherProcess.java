package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/**
 * A JVM beside this one, that is killed when it is closed: what it holds is let go of by the kernel
 * alone.
 */
public final class OtherProcess implements AutoCloseable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a class and waits until it says that it is ready.
   *
   * @param main the class; gets the directory as its argument
   * @param directory also where it leaves what it would leave in the temporary directory
   * @param ready the line it prints
   */
  public static OtherProcess start(Class<?> main, Path directory, String ready) throws IOException {
    OtherProcess other =
        new OtherProcess(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.io.tmpdir=" + directory,
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName(),
                    directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    BufferedReader said =
        new BufferedReader(new InputStreamReader(other.process.getInputStream(), UTF_8));
    String line = said.readLine();
    if (!ready.equals(line)) {
      other.process.destroyForcibly();
      throw new IOException(main + " said " + line + ", not " + ready);
    }
    return other;
  }

  /** Its process ID. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
