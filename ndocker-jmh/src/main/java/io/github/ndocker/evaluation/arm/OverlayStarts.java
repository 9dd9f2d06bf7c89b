package io.github.ndocker.evaluation.arm;

import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Containers of the same runtime as the engine's, in overlays of directories. Thread-safe. */
public final class OverlayStarts {
  private final OciRuntime runtime;
  private final Path bundles;
  private final AtomicInteger starts = new AtomicInteger();

  /**
   * Prepares.
   *
   * @param directory on the fast device, for mount points, bundles and the runtime's records
   */
  public OverlayStarts(Path directory) throws IOException {
    this.runtime = new OciRuntime(directory.resolve("runtime"));
    this.bundles = Files.createDirectories(directory.resolve("bundles"));
  }

  /**
   * Starts a container.
   *
   * @param lower the directories of the image, the topmost first
   * @param writable a directory for the writable layer
   */
  public Arm.Started start(List<Path> lower, Path writable, ContainerSpec spec) throws IOException {
    String id = "evaluation-" + starts.getAndIncrement();
    Path own = Files.createDirectory(bundles.resolve(id));
    Path layer = Files.createDirectories(writable.resolve(id));
    Path root = own.resolve("root");
    for (Path directory :
        List.of(root, own.resolve("bundle"), layer.resolve("upper"), layer.resolve("work"))) {
      Files.createDirectory(directory);
    }
    try {
      mount(lower, layer, root);
      try {
        return started(runtime.start(id, spec, root, own.resolve("bundle")), root, own, layer);
      } catch (IOException | RuntimeException e) {
        Undoing.after(e, () -> unmount(root));
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      Undoing.after(e, () -> delete(own, layer));
      throw e;
    }
  }

  private static Arm.Started started(Container container, Path root, Path own, Path layer) {
    return new Arm.Started() {
      private boolean closed;

      @Override
      public Container container() {
        return container;
      }

      @Override
      public synchronized void close() throws IOException {
        if (closed) {
          return;
        }
        try {
          container.close();
        } finally {
          unmount(root);
          delete(own, layer);
          closed = true;
        }
      }
    };
  }

  private static void mount(List<Path> lower, Path layer, Path root) throws IOException {
    HostCommand.run(
        "mount",
        "-t",
        "overlay",
        "overlay",
        root.toString(),
        "-o",
        "lowerdir="
            + lower.stream().map(Path::toString).collect(Collectors.joining(":"))
            + ",upperdir="
            + layer.resolve("upper")
            + ",workdir="
            + layer.resolve("work"));
  }

  private static void unmount(Path root) throws IOException {
    HostCommand.run("umount", root.toString());
  }

  private static void delete(Path own, Path layer) throws IOException {
    HostCommand.run("rm", "-rf", "--one-file-system", own.toString(), layer.toString());
  }
}
