package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.ControlGroups;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.BindMount;
import io.github.ndocker.runtime.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Containers as containerd's users start them: {@code ctr run}, with a shim and runc. Each gets a
 * control group in which the device's limit holds, and a network namespace with loopback up.
 */
final class CtrStarts {
  private static final int ATTEMPTS = 3;

  private final Containerd containerd;
  private final String snapshotter;
  private final Path logs;
  private final Device limited;
  private int starts;

  CtrStarts(Containerd containerd, String snapshotter, Path logs, Device limited) {
    this.containerd = containerd;
    this.snapshotter = snapshotter;
    this.logs = logs;
    this.limited = limited;
  }

  synchronized Arm.Started start(
      ImageReference image, List<String> arguments, List<BindMount> binds) throws IOException {
    String id = "ctr-" + ProcessHandle.current().pid() + "-" + starts++;
    Path network = Path.of("/run/netns", "ndocker-" + id);
    HostCommand.run("ip", "netns", "add", String.valueOf(network.getFileName()));
    try {
      HostCommand.run("ip", "-n", String.valueOf(network.getFileName()), "link", "set", "lo", "up");
      return start(id, network, ControlGroups.forContainer(id), image, arguments, binds);
    } catch (IOException | RuntimeException e) {
      Undoing.after(e, () -> removeNetwork(network));
      throw e;
    }
  }

  private Arm.Started start(
      String id,
      Path network,
      Path group,
      ImageReference image,
      List<String> arguments,
      List<BindMount> binds)
      throws IOException {
    Path log = logs.resolve(id);
    try {
      limited.limitIn(group);
      Process process =
          new ProcessBuilder(command(image, arguments, binds, id, network, group))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        return new CtrStarted(
            Container.adopt(id, process, log, network, this::delete), network, group, log);
      } catch (IOException | RuntimeException e) {
        Undoing.after(e, () -> delete(id));
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      Undoing.after(e, () -> Files.deleteIfExists(group), () -> Files.deleteIfExists(log));
      throw e;
    }
  }

  private List<String> command(
      ImageReference image,
      List<String> arguments,
      List<BindMount> binds,
      String id,
      Path network,
      Path group)
      throws IOException {
    List<String> command =
        containerd.command(
            "ctr",
            "run",
            "--rm",
            "--snapshotter",
            snapshotter,
            "--cgroup",
            ControlGroups.name(group),
            "--with-ns",
            "network:" + network);
    for (BindMount bind : binds) {
      command.add("--mount");
      command.add(
          "type=bind,src="
              + bind.source()
              + ",dst="
              + bind.destination()
              + ",options=rbind:"
              + (bind.writable() ? "rw" : "ro"));
    }
    // the whole command: ctr does not put the image's entrypoint in front of it
    command.addAll(List.of(image.toString(), id));
    command.addAll(arguments);
    return command;
  }

  private void delete(String id) throws IOException {
    for (List<String> step :
        List.of(
            List.of("tasks", "kill", "--all", "--signal", "SIGKILL", id),
            List.of("tasks", "rm", "--force", id),
            List.of("containers", "rm", id))) {
      for (int attempt = 1; !isDone(step, attempt); attempt++) {}
    }
  }

  /** Whether there is nothing left to do; not when the shim ended in the middle of the question. */
  private boolean isDone(List<String> step, int attempt) throws IOException {
    try {
      containerd.ctr(step.toArray(String[]::new));
      return true;
    } catch (NDockerException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("not found")) {
        return true;
      }
      if (attempt < ATTEMPTS && message.contains("ttrpc: closed")) {
        return false;
      }
      throw e;
    }
  }

  private static void removeNetwork(Path network) throws IOException {
    HostCommand.run("ip", "netns", "delete", String.valueOf(network.getFileName()));
  }

  /** A container, and what was made for it. */
  private static final class CtrStarted implements Arm.Started {
    private final Container container;
    private final Path network;
    private final Path group;
    private final Path log;
    private boolean closed;

    CtrStarted(Container container, Path network, Path group, Path log) {
      this.container = container;
      this.network = network;
      this.group = group;
      this.log = log;
    }

    @Override
    public Container container() {
      return container;
    }

    @Override
    public synchronized void close() throws IOException {
      if (closed) {
        return;
      }
      container.close();
      removeNetwork(network);
      // the runtime has removed it, unless it never began
      Files.deleteIfExists(group);
      Files.delete(log);
      closed = true;
    }
  }
}
