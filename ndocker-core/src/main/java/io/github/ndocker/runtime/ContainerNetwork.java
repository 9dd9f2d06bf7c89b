package io.github.ndocker.runtime;

import io.github.ndocker.linux.NetworkNamespace;
import io.github.ndocker.linux.SystemCallException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The network namespace of a container: one that was there before it, or one the runtime makes. */
final class ContainerNetwork implements Closeable {
  private final Path pidFile;
  private Optional<NetworkNamespace> namespace;

  private ContainerNetwork(Optional<NetworkNamespace> namespace, Path pidFile) {
    this.namespace = namespace;
    this.pidFile = pidFile;
  }

  /** One that is there; closed with this. */
  static ContainerNetwork of(NetworkNamespace namespace) {
    return new ContainerNetwork(Optional.of(namespace), Path.of(""));
  }

  /** The one of a process whose number the runtime will write to a file. */
  static ContainerNetwork ofRuntime(Path pidFile) {
    return new ContainerNetwork(Optional.empty(), pidFile);
  }

  /** By which path the runtime enters it, if it is not to make one. */
  Optional<Path> path() {
    return namespace.map(NetworkNamespace::path);
  }

  /** Whether something can run in it by now. */
  synchronized boolean isThere() throws IOException {
    if (namespace.isEmpty() && Files.exists(pidFile)) {
      String pid = Files.readString(pidFile).strip();
      try {
        if (!pid.isEmpty()) {
          namespace = Optional.of(NetworkNamespace.open(Path.of("/proc", pid, "ns", "net")));
        }
      } catch (SystemCallException e) {
        if (e.errno() != SystemCallException.ENOENT) {
          throw e;
        }
        // it has ended already
      }
    }
    return namespace.isPresent();
  }

  synchronized <T> T call(Callable<T> task) throws IOException {
    return namespace.orElseThrow().call(task);
  }

  @Override
  public synchronized void close() {
    namespace.ifPresent(NetworkNamespace::close);
  }
}
