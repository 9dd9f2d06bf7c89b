package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.linux.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A started container. Closing ends it and everything in it, also from another thread than the one
 * that waits for it.
 */
public final class Container implements Closeable {
  private static final int POLL_MILLIS = 2;
  private static final int CONNECT_MILLIS = 1000;
  private static final int END_SECONDS = 30;
  private static final int DELETE_MILLIS = 50;
  private static final int LOG_TAIL_BYTES = 2000;
  private static final int MAX_LOG_BYTES = 16 << 20;

  private final Removal removal;
  private final Stopping stopping;
  private final String id;
  private final Process process;
  private final Path log;
  private final ContainerNetwork network;
  private final long startedNanos = System.nanoTime();
  private boolean closed;

  /** Ends a container, whatever its state, by whatever started it. */
  @FunctionalInterface
  public interface Removal {
    /**
     * Kills every process of the container and removes what is known of it; nothing if there is no
     * such container any more.
     *
     * @param id the container's name
     * @throws IOException if that fails
     * @throws InterruptedException if the thread is interrupted
     */
    void delete(String id) throws IOException, InterruptedException;
  }

  /** Asks a container to end. */
  @FunctionalInterface
  interface Stopping {
    /** Whether the container has been asked; false if it has not begun, or has ended. */
    boolean signal(String id) throws IOException, InterruptedException;
  }

  Container(
      Removal removal,
      Stopping stopping,
      String id,
      Process process,
      Path log,
      ContainerNetwork network) {
    this.removal = removal;
    this.stopping = stopping;
    this.id = id;
    this.process = process;
    this.log = log;
    this.network = network;
  }

  /**
   * Takes over a container that something else than {@link OciRuntime} started.
   *
   * @param id its name
   * @param process lives as long as the container, and ends with its exit code
   * @param log the file that both of its streams are written to
   * @param networkNamespace a path by which its network namespace can be entered
   * @param removal ends it; {@link #stop} uses it at once, too
   * @return the container, to be closed by the caller
   * @throws IOException if the namespace cannot be opened; the container is the caller's then
   */
  public static Container adopt(
      String id, Process process, Path log, Path networkNamespace, Removal removal)
      throws IOException {
    return new Container(
        removal,
        name -> {
          removal.delete(name);
          return true;
        },
        id,
        process,
        log,
        ContainerNetwork.of(NetworkNamespace.open(networkNamespace)));
  }

  /**
   * Waits until the container is ready.
   *
   * @param readiness the rule
   * @param timeout how long it may take at most, counted from the start of the runtime
   * @return the time from the start of the runtime to readiness
   * @throws ContainerException if the container ends first, with another exit code, or the time is
   *     up; with the end of its output
   * @throws IOException if output or network cannot be read, or the thread is interrupted
   */
  public Duration awaitReady(Readiness readiness, Duration timeout) throws IOException {
    Optional<Duration> ready = awaitReady(readiness, () -> elapsed().compareTo(timeout) > 0);
    if (ready.isEmpty()) {
      throw failure("was not ready in time (" + timeout + ")");
    }
    return ready.get();
  }

  /**
   * Waits until the container is ready, or somebody has waited enough.
   *
   * @param readiness the rule
   * @param enough asked every few milliseconds, unless a connection is being tried
   * @return the time from the start of the runtime to readiness; empty if that was enough before
   * @throws ContainerException if the container ends first, or with another exit code; with the end
   *     of its output
   * @throws IOException if output or network cannot be read, or the thread is interrupted
   */
  public Optional<Duration> awaitReady(Readiness readiness, BooleanSupplier enough)
      throws IOException {
    if (readiness instanceof Readiness.Listens listens) {
      while (!network.isThere() && process.isAlive()) {
        if (!pause(enough)) {
          return Optional.empty();
        }
      }
      if (!network.isThere()) {
        throw endedTooEarly();
      }
      return network.call(() -> awaitPort(listens.port(), enough));
    }
    if (readiness instanceof Readiness.Prints prints) {
      return awaitText(prints.text(), enough);
    }
    if (!awaitExit(enough)) {
      return Optional.empty();
    }
    if (process.exitValue() == 0
        && readiness instanceof Readiness.Exits exits
        && printed(exits.text())) {
      return Optional.of(elapsed());
    }
    throw endedTooEarly();
  }

  private Optional<Duration> awaitText(String text, BooleanSupplier enough) throws IOException {
    try (LogSearch search = new LogSearch(log, text)) {
      while (true) {
        // asked first: what it printed before it ended counts
        boolean ended = !process.isAlive();
        if (search.isFound()) {
          return Optional.of(elapsed());
        }
        if (ended) {
          throw endedTooEarly();
        }
        if (!pause(enough)) {
          return Optional.empty();
        }
      }
    }
  }

  private boolean printed(String text) throws IOException {
    try (LogSearch search = new LogSearch(log, text)) {
      return search.isFound();
    }
  }

  /**
   * That the container ended although it should not have.
   *
   * @return to be thrown, with its exit code and the end of its output
   * @throws IOException if the output cannot be read
   */
  public ContainerException endedTooEarly() throws IOException {
    return failure("ended with exit code " + process.exitValue() + " before it was ready");
  }

  /**
   * Waits until the container ends, or somebody has waited enough.
   *
   * @param enough asked every few milliseconds
   * @return true if it has ended
   * @throws IOException if the thread is interrupted
   */
  public boolean awaitExit(BooleanSupplier enough) throws IOException {
    while (process.isAlive()) {
      if (!pause(enough)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Waits until the container ends.
   *
   * @return its exit code
   * @throws IOException if the thread is interrupted
   */
  public int awaitExit() throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("interrupted while container " + id + " ran", e);
    }
  }

  /**
   * What the container has printed so far, to both of its streams; the first 16 MiB of it.
   *
   * @return the text
   * @throws IOException if the log cannot be read
   */
  public String output() throws IOException {
    try (var in = Files.newInputStream(log)) {
      return new String(in.readNBytes(MAX_LOG_BYTES), UTF_8);
    }
  }

  /**
   * Sends the stop signal, waits for the container to end, and kills it if it does not. It has to
   * be closed all the same.
   *
   * @param grace how long to wait; a first process without a handler ignores most signals
   * @return its exit code: 128 and the number of the signal, if one ended it
   * @throws IOException if the runtime fails, or the thread is interrupted; it may run on then
   */
  public int stop(Duration grace) throws IOException {
    long since = System.nanoTime();
    try {
      // a runtime that has only just been started does not know the container yet: ask again
      while (process.isAlive() && !stopping.signal(id)) {
        if (process.waitFor(DELETE_MILLIS, TimeUnit.MILLISECONDS)
            || System.nanoTime() - since > grace.toNanos()) {
          break;
        }
      }
      long left = grace.toNanos() - (System.nanoTime() - since);
      if (!process.waitFor(left, TimeUnit.NANOSECONDS) && end()) {
        Thread.currentThread().interrupt();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("interrupted while container " + id + " was to stop", e);
    }
  }

  /**
   * Kills every process of the container, and waits until they are gone. A thread that is
   * interrupted does so too: an interrupt is a wish to stop waiting for the container, not to leave
   * it running. After a failure it may be closed again.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      interrupted |= end();
      closed = true;
    } finally {
      network.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Says whether the thread was interrupted meanwhile. */
  private boolean end() throws IOException {
    boolean interrupted = false;
    long since = System.nanoTime();
    while (true) {
      try {
        removal.delete(id);
        if (process.waitFor(DELETE_MILLIS, TimeUnit.MILLISECONDS)) {
          return interrupted;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
      // a runtime that has only just been started does not know the container yet: ask again
      if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(END_SECONDS)) {
        process.destroyForcibly();
        throw failure("did not end in " + END_SECONDS + " s after it was killed");
      }
    }
  }

  private Optional<Duration> awaitPort(int port, BooleanSupplier enough) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(address, CONNECT_MILLIS);
        return Optional.of(elapsed());
      } catch (ConnectException | SocketTimeoutException e) {
        if (!process.isAlive()) {
          throw failure(
              "ended with exit code "
                  + process.exitValue()
                  + " before TCP port "
                  + port
                  + " was open");
        }
        if (!pause(enough)) {
          return Optional.empty();
        }
      }
    }
  }

  /**
   * How long ago the runtime was started.
   *
   * @return the time
   */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** A short wait that the end of the process cuts even shorter. Says whether to go on waiting. */
  private boolean pause(BooleanSupplier enough) throws IOException {
    if (enough.getAsBoolean()) {
      return false;
    }
    try {
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("interrupted while waiting for container " + id, e);
    }
  }

  private ContainerException failure(String what) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - LOG_TAIL_BYTES));
      byte[] tail = new byte[(int) Math.min(file.length(), LOG_TAIL_BYTES)];
      file.readFully(tail);
      return new ContainerException(
          "container " + id + " " + what + "; its output ends: " + new String(tail, UTF_8).strip());
    }
  }
}
