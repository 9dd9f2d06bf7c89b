package io.github.ndocker.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The mounts of a container: those that every one has, and its own, which replace them. */
final class BundleMounts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<ObjectNode> kernel = new ArrayList<>();
  private final List<ObjectNode> own = new ArrayList<>();

  private BundleMounts() {
    kernel.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
    kernel.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
    kernel.add(
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620"));
    kernel.add(
        mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    kernel.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    kernel.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
  }

  static void write(ArrayNode mounts, ContainerFiles files, List<Path> volumes) {
    BundleMounts all = new BundleMounts();
    for (int i = 0; i < volumes.size(); i++) {
      // as Docker mounts them, but for device nodes, of which the copy has none
      all.own.add(
          mount(files.volumes().get(i), "bind", volumes.get(i).toString(), "bind", "rw", "nodev"));
    }
    for (BindMount bind : files.binds()) {
      String mode = bind.writable() ? "rw" : "ro";
      all.own.add(
          mount(
              bind.destination(),
              "bind",
              bind.source().toString(),
              "bind",
              mode,
              "nosuid",
              "nodev"));
    }
    for (TmpfsMount tmpfs : files.tmpfs()) {
      ObjectNode mount =
          mount(tmpfs.destination(), "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777");
      ArrayNode options = (ArrayNode) mount.path("options");
      options.add(tmpfs.executable() ? "exec" : "noexec");
      if (tmpfs.maxBytes() > 0) {
        options.add("size=" + tmpfs.maxBytes());
      }
      all.own.add(mount);
    }
    // what lies in something else would be hidden by it if it came first
    all.own.sort(Comparator.comparingInt(mount -> ContainerPath.depth(destination(mount))));
    Set<String> replaced = new HashSet<>(all.own.stream().map(BundleMounts::destination).toList());
    all.kernel.stream()
        .filter(mount -> !replaced.contains(destination(mount)))
        .forEach(mounts::add);
    all.own.forEach(mounts::add);
  }

  private static String destination(ObjectNode mount) {
    return mount.path("destination").textValue();
  }

  private static ObjectNode mount(
      String destination, String type, String source, String... options) {
    ObjectNode mount =
        JSON.createObjectNode()
            .put("destination", destination)
            .put("type", type)
            .put("source", source);
    List.of(options).forEach(mount.putArray("options")::add);
    return mount;
  }
}
