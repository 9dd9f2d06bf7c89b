package io.github.ndocker.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ndocker.api.NDockerException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A user namespace without processes, for its map of IDs. */
public final class UserNamespace implements Closeable {
  private static final int START_SECONDS = 30;
  private static final int POLL_MILLIS = 1;

  private final Descriptor descriptor;

  private UserNamespace(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Makes a namespace.
   *
   * @param map its map, for users and groups alike, as {@code user_namespaces(7)} has it
   * @return the namespace, to be closed by the caller
   * @throws NDockerException if this host allows none, or not with that map
   * @throws IOException if the thread is interrupted
   */
  public static UserNamespace of(String map) throws IOException {
    Process process;
    try {
      // it waits for the end of its input: the namespace lives as long as it or a descriptor does
      process = new ProcessBuilder("unshare", "--user", "cat").redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new NDockerException("cannot make a user namespace: " + e.getMessage(), e);
    }
    try (OutputStream input = process.getOutputStream()) {
      Path of = Path.of("/proc/" + process.pid());
      awaitNamespace(process, of);
      Files.write(of.resolve("uid_map"), map.getBytes(US_ASCII));
      Files.write(of.resolve("gid_map"), map.getBytes(US_ASCII));
      return new UserNamespace(Descriptor.openReadOnly(of.resolve("ns/user")));
    } catch (NDockerException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new NDockerException(
          "cannot make a user namespace with the map '" + map.strip() + "': " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void awaitNamespace(Process process, Path of) throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/user"));
    long since = System.nanoTime();
    // what has ended has no namespace, which readSymbolicLink says
    while (Files.readSymbolicLink(of.resolve("ns/user")).equals(own)) {
      try {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)
            || System.nanoTime() - since > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
          throw new NDockerException("this host lets nobody make a user namespace");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted =
            new InterruptedIOException("interrupted while a user namespace was made");
        interrupted.initCause(e);
        throw interrupted;
      }
    }
  }

  Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
