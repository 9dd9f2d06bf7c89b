package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.registry.DockerRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A real registry with real images, and a place in memory for emulated devices. */
final class EvaluationHost implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final Path CONTAINERD = Path.of("/usr/bin/containerd");

  private final DockerRegistry registry;
  private final Path memory;

  private EvaluationHost(DockerRegistry registry, Path memory) {
    this.registry = registry;
    this.memory = memory;
  }

  static EvaluationHost start(String... images) throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "emulated devices need root");
    assumeTrue(Files.isDirectory(MEMORY), "this host has no /dev/shm");
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    assumeTrue(Files.isExecutable(CONTAINERD), "containerd is not installed");
    assumeTrue(
        !System.getProperty("ndocker.images", "").isEmpty(), "no images given in ndocker.images");
    EvaluationHost host =
        new EvaluationHost(
            DockerRegistry.start(), Files.createTempDirectory(MEMORY, "ndocker-evaluation-"));
    for (String image : images) {
      HostCommand.run(
          "skopeo",
          "copy",
          "--quiet",
          "--dest-tls-verify=false",
          "oci:" + images().resolve("oci") + ":" + image,
          "docker://" + host.registry.host() + "/library/" + image + ":latest");
    }
    return host;
  }

  Path memory() {
    return memory;
  }

  String registry() {
    return registry.host();
  }

  Network network() {
    return new Network("loopback", registry.host(), "lo");
  }

  Device device(String name, DeviceProfile profile) throws IOException {
    return Device.emulated(memory, name, profile);
  }

  Workload workload(String image) throws IOException {
    return Workload.of(image, coldStarts());
  }

  static Path coldStarts() {
    return images().resolve("coldstart.json");
  }

  /** What nobody tells the harness of. */
  static void removeLimitInSecret(ColdStart.Devices devices) throws IOException {
    String upper =
        HostCommand.run(
                "findmnt", "--noheadings", "--output", "SOURCE", devices.slow().root().toString())
            .strip();
    String lower =
        HostCommand.run("losetup", "--noheadings", "--output", "BACK-FILE", upper).strip();
    String device =
        Files.readString(Path.of("/sys/block", Path.of(lower).getFileName().toString(), "dev"))
            .strip();
    Path v1 = Path.of("/sys/fs/cgroup/blkio");
    if (!Files.isDirectory(v1)) {
      Path group = Path.of("/sys/fs/cgroup/ndocker-" + ProcessHandle.current().pid(), "io.max");
      write(group, device + " rbps=max wbps=max riops=max wiops=max");
      return;
    }
    try (Stream<Path> groups = Files.walk(v1, 2)) {
      for (Path group : groups.filter(Files::isDirectory).toList()) {
        for (String limit : List.of("read_bps", "write_bps", "read_iops", "write_iops")) {
          write(group.resolve("blkio.throttle." + limit + "_device"), device + " 0");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    registry.close();
    HostCommand.run("rm", "-rf", "--one-file-system", memory.toString());
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Path images() {
    return Path.of(System.getProperty("ndocker.images"));
  }
}
