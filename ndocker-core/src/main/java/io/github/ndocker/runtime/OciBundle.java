package io.github.ndocker.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.linux.DirectoryTree;
import io.github.ndocker.rootfs.IdMapping;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes an OCI bundle (runtime specification 1.1) for any OCI runtime: {@code config.json}, and
 * the container's volumes beside it. {@link OciRuntime} does that by itself; this is for a host
 * with a runtime of its own. Immutable.
 *
 * @param spec what to run
 * @param root the mounted root filesystem, absolute; nothing may run in it yet
 * @param name the container's name; its host name, if the specification has none
 * @param networkNamespace a path to one that it joins; the runtime makes one if empty
 */
public record OciBundle(
    ContainerSpec spec, Path root, String name, Optional<Path> networkNamespace) {
  private static final String CONFIG = "config.json";
  private static final String VOLUMES = "volumes";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if the root is not absolute
   */
  public OciBundle {
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException("root filesystem " + root + " is not absolute");
    }
  }

  /**
   * Writes the bundle. After a failure nothing of it is in the directory.
   *
   * @param directory an existing directory without a bundle
   * @throws NDockerException if the image has no such user or group, the ID mappings lack one, or a
   *     volume is no directory
   * @throws FileAlreadyExistsException if there is a bundle already; it stays
   * @throws IOException if a file cannot be read or written
   */
  public void write(Path directory) throws IOException {
    for (String file : List.of(CONFIG, VOLUMES)) {
      if (Files.exists(directory.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(directory.resolve(file).toString());
      }
    }
    ContainerUser user =
        ContainerUser.resolve(spec.process().user(), spec.process().additionalGroups(), root);
    requireMapped(user);
    ObjectNode config = JSON.createObjectNode().put("ociVersion", "1.1.0");
    String hostname = spec.hostname().orElse(name);
    config.put("hostname", hostname);
    config
        .putObject("root")
        .put("path", root.toString())
        .put("readonly", spec.files().readOnlyRoot());
    process(config.putObject("process"), user, hostname);
    linux(config.putObject("linux"));
    ObjectNode annotations = config.putObject("annotations");
    spec.annotations().forEach(annotations::put);
    try {
      Volumes volumes = new Volumes(root, directory.resolve(VOLUMES), spec.idMappings());
      List<Path> made = volumes.create(spec.files().volumes());
      BundleMounts.write(config.putArray("mounts"), spec.files(), made);
      Files.write(directory.resolve(CONFIG), JSON.writeValueAsBytes(config));
    } catch (IOException | RuntimeException e) {
      try {
        remove(directory);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /**
   * Removes what {@link #write} has written, with all that is in the volumes. The container must
   * have ended.
   *
   * @param directory the same directory; it stays
   * @throws IOException if something cannot be deleted
   */
  public static void remove(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(CONFIG));
    DirectoryTree.delete(directory.resolve(VOLUMES));
  }

  private void requireMapped(ContainerUser user) throws NDockerException {
    if (spec.idMappings().isEmpty()) {
      return;
    }
    Set<Long> ids = new LinkedHashSet<>(user.groups());
    ids.add(0L); // the runtime itself sets up mounts as root of the namespace
    ids.add(user.uid());
    ids.add(user.gid());
    for (long id : ids) {
      if (MappedIds.onHost(spec.idMappings(), id).isEmpty()) {
        throw new NDockerException(
            "the container needs user or group "
                + id
                + ", which is in none of "
                + spec.idMappings());
      }
    }
  }

  private void process(ObjectNode process, ContainerUser user, String hostname) {
    ContainerSecurity security = spec.security();
    process
        .put("terminal", false)
        .put("cwd", spec.process().workingDirectory())
        .put("noNewPrivileges", security.noNewPrivileges());
    ObjectNode owner = process.putObject("user").put("uid", user.uid()).put("gid", user.gid());
    // the primary group too: a process that gives it up must not get past what is closed to it
    Set<Long> groups = new LinkedHashSet<>(List.of(user.gid()));
    groups.addAll(user.groups());
    groups.forEach(owner.putArray("additionalGids")::add);
    spec.arguments().forEach(process.putArray("args")::add);
    List<String> environment = new ArrayList<>(spec.environment());
    addIfMissing(environment, "HOSTNAME", hostname);
    addIfMissing(environment, "HOME", user.home());
    environment.forEach(process.putArray("env")::add);
    ObjectNode capabilities = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "permitted")) {
      security.capabilities().stream().sorted().forEach(capabilities.putArray(set)::add);
    }
    ArrayNode limits = process.putArray("rlimits");
    for (ResourceLimit limit : security.limits()) {
      limits
          .addObject()
          .put("type", limit.type())
          .put("soft", unsigned(limit.soft()))
          .put("hard", unsigned(limit.hard()));
    }
    security.oomScoreAdj().ifPresent(score -> process.put("oomScoreAdj", score));
    security.apparmorProfile().ifPresent(profile -> process.put("apparmorProfile", profile));
    security.selinuxLabel().ifPresent(label -> process.put("selinuxLabel", label));
  }

  private static java.math.BigInteger unsigned(long limit) {
    return new java.math.BigInteger(Long.toUnsignedString(limit));
  }

  private static void addIfMissing(List<String> environment, String name, String value) {
    if (environment.stream().noneMatch(variable -> variable.startsWith(name + "="))) {
      environment.add(name + "=" + value);
    }
  }

  private void linux(ObjectNode linux) throws IOException {
    ContainerSecurity security = spec.security();
    ArrayNode namespaces = linux.putArray("namespaces");
    for (String type : List.of("pid", "ipc", "uts", "mount")) {
      namespaces.addObject().put("type", type);
    }
    ObjectNode network = namespaces.addObject().put("type", "network");
    networkNamespace.ifPresent(path -> network.put("path", path.toString()));
    if (!spec.idMappings().isEmpty()) {
      namespaces.addObject().put("type", "user");
      for (String kind : List.of("uidMappings", "gidMappings")) {
        ArrayNode mappings = linux.putArray(kind);
        for (IdMapping mapping : spec.idMappings()) {
          mappings
              .addObject()
              .put("containerID", mapping.containerId())
              .put("hostID", mapping.hostId())
              .put("size", mapping.size());
        }
      }
    }
    security.maskedPaths().forEach(linux.putArray("maskedPaths")::add);
    security.readOnlyPaths().forEach(linux.putArray("readonlyPaths")::add);
    if (spec.cgroupsPath().isPresent()) {
      linux.put("cgroupsPath", spec.cgroupsPath().get());
      // runtimes allow /dev/null and its kind themselves
      linux
          .putObject("resources")
          .putArray("devices")
          .addObject()
          .put("allow", false)
          .put("access", "rwm");
    }
    SeccompProfile seccomp = security.seccomp();
    if (seccomp instanceof SeccompProfile.Document own) {
      linux.set("seccomp", JSON.readTree(own.json()));
    } else if (seccomp instanceof SeccompProfile.Standard) {
      linux.set(
          "seccomp",
          SeccompRules.standard(Platform.host().architecture(), security.capabilities()));
    }
  }
}
