package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace of its own, with the loopback interface up. It lives as long as this is open
 * or a process is in it, and leaves nothing behind.
 */
public final class NetworkNamespace implements Closeable {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final short IFF_UP = 1;
  private static final int IFREQ_BYTES = 40;
  private static final int IFNAMSIZ = 16;

  private final Descriptor namespace;

  private NetworkNamespace(Descriptor namespace) {
    this.namespace = namespace;
  }

  /**
   * Makes a namespace.
   *
   * @return the namespace, to be closed by the caller
   * @throws IOException if the kernel refuses; it asks for CAP_SYS_ADMIN
   */
  public static NetworkNamespace create() throws IOException {
    return onThreadOfItsOwn(
        () -> {
          LibC.check("unshare network", LibC.unshare(CLONE_NEWNET));
          bringLoopbackUp();
          return new NetworkNamespace(Descriptor.openReadOnly(Path.of("/proc/thread-self/ns/net")));
        });
  }

  /**
   * Opens a namespace that something else made.
   *
   * @param path leads to it
   * @return the namespace, to be closed by the caller; it goes on without
   * @throws IOException if there is none at the path
   */
  public static NetworkNamespace open(Path path) throws IOException {
    return new NetworkNamespace(Descriptor.openReadOnly(path));
  }

  /**
   * A path by which another process can enter the namespace.
   *
   * @return valid while this is open
   */
  public Path path() {
    return namespace.path();
  }

  /**
   * Runs something inside the namespace: sockets it makes belong there. An interrupt of the caller
   * is handed on to the task, and returns when that has ended.
   *
   * @param task what to run, on a thread of its own
   * @param <T> what the task returns
   * @return what the task returned
   * @throws IOException what the task threw
   */
  public <T> T call(Callable<T> task) throws IOException {
    return onThreadOfItsOwn(
        () -> {
          LibC.check("setns network", LibC.setns(namespace.number(), CLONE_NEWNET));
          return task.call();
        });
  }

  @Override
  public void close() {
    namespace.close();
  }

  private static void bringLoopbackUp() throws IOException {
    try (Descriptor socket =
            new Descriptor(LibC.check("socket", LibC.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0)));
        Memory ifreq = new Memory(IFREQ_BYTES)) {
      ifreq.clear();
      ifreq.write(0, "lo".getBytes(StandardCharsets.US_ASCII), 0, 2);
      ifreq.setShort(IFNAMSIZ, IFF_UP);
      LibC.check("SIOCSIFFLAGS lo", LibC.ioctl(socket.number(), SIOCSIFFLAGS, ifreq));
    }
  }

  /** A thread that changed its namespace must not go back to a pool: it ends with the task. */
  private static <T> T onThreadOfItsOwn(Callable<T> task) throws IOException {
    FutureTask<T> result = new FutureTask<>(task);
    Thread thread = new Thread(result, "ndocker-netns");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          // for the thread, not only for its result: it is in another namespace until it ends
          thread.join();
          return result.get();
        } catch (InterruptedException e) {
          // the task is told and waited for: nothing of it runs on unseen, and what it made is
          // either returned or cleaned up by itself
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
