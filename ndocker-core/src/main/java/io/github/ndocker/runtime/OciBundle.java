package io.github.ndocker.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes the {@code config.json} of an OCI bundle (runtime specification 1.1). */
final class OciBundle {
  /** What Docker grants by default. */
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_AUDIT_WRITE",
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_MKNOD",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_RAW",
          "CAP_SETFCAP",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID",
          "CAP_SYS_CHROOT");

  /** Kernel state that a container must not see, or must not change. */
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private static final ObjectMapper JSON = new ObjectMapper();

  private OciBundle() {}

  static void write(
      Path bundle, Path root, ContainerSpec spec, String hostname, Optional<Path> networkNamespace)
      throws IOException {
    ObjectNode config =
        JSON.createObjectNode().put("ociVersion", "1.1.0").put("hostname", hostname);
    config.putObject("root").put("path", root.toString()).put("readonly", false);
    process(config.putObject("process"), spec, ContainerUser.resolve(spec.user(), root));
    ArrayNode mounts = config.putArray("mounts");
    mount(mounts, "/proc", "proc", "proc", "nosuid", "noexec", "nodev");
    mount(mounts, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
    mount(
        mounts,
        "/dev/pts",
        "devpts",
        "devpts",
        "nosuid",
        "noexec",
        "newinstance",
        "ptmxmode=0666",
        "mode=0620");
    mount(
        mounts,
        "/dev/shm",
        "tmpfs",
        "shm",
        "nosuid",
        "noexec",
        "nodev",
        "mode=1777",
        "size=65536k");
    mount(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
    mount(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
    for (BindMount bind : spec.binds()) {
      mount(
          mounts,
          bind.destination(),
          "bind",
          bind.source().toString(),
          "bind",
          bind.writable() ? "rw" : "ro",
          "nosuid");
    }
    ObjectNode linux = config.putObject("linux");
    ArrayNode namespaces = linux.putArray("namespaces");
    for (String type : List.of("pid", "ipc", "uts", "mount")) {
      namespaces.addObject().put("type", type);
    }
    networkNamespace.ifPresent(
        path -> namespaces.addObject().put("type", "network").put("path", path.toString()));
    MASKED.forEach(linux.putArray("maskedPaths")::add);
    READ_ONLY.forEach(linux.putArray("readonlyPaths")::add);
    Files.write(bundle.resolve("config.json"), JSON.writeValueAsBytes(config));
  }

  private static void process(ObjectNode process, ContainerSpec spec, ContainerUser user) {
    process.put("terminal", false).put("cwd", spec.workingDirectory()).put("noNewPrivileges", true);
    ObjectNode owner = process.putObject("user").put("uid", user.uid()).put("gid", user.gid());
    if (!user.groups().isEmpty()) {
      user.groups().forEach(owner.putArray("additionalGids")::add);
    }
    spec.arguments().forEach(process.putArray("args")::add);
    spec.environment().forEach(process.putArray("env")::add);
    ObjectNode capabilities = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "permitted")) {
      CAPABILITIES.forEach(capabilities.putArray(set)::add);
    }
  }

  private static void mount(
      ArrayNode mounts, String destination, String type, String source, String... options) {
    ObjectNode mount =
        mounts.addObject().put("destination", destination).put("type", type).put("source", source);
    List.of(options).forEach(mount.putArray("options")::add);
  }
}
