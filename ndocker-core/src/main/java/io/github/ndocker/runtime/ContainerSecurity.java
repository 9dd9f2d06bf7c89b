package io.github.ndocker.runtime;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a container may do, and what it must not see. {@link #DEFAULT} is safe for images of
 * strangers; every part of it can be replaced. Immutable.
 *
 * @param capabilities such as {@code CAP_CHOWN} ({@code capabilities(7)}): what root in the
 *     container may do, and what programs with file capabilities may get
 * @param maskedPaths absolute paths in the container that are empty there
 * @param readOnlyPaths absolute paths in the container that cannot be written to
 * @param noNewPrivileges whether set-user-ID programs and file capabilities have no effect ({@code
 *     PR_SET_NO_NEW_PRIVS})
 * @param seccomp which system calls there are
 * @param limits limits of its processes; those of this process where there is none
 * @param oomScoreAdj −1000 to 1000 ({@code proc(5)}): the higher, the sooner the kernel kills it
 *     when memory is short; that of this process if empty. Less than that asks for CAP_SYS_RESOURCE
 * @param apparmorProfile name of a loaded AppArmor profile; none if empty
 * @param selinuxLabel SELinux label of its processes; none if empty
 */
public record ContainerSecurity(
    Set<String> capabilities,
    List<String> maskedPaths,
    List<String> readOnlyPaths,
    boolean noNewPrivileges,
    SeccompProfile seccomp,
    List<ResourceLimit> limits,
    OptionalInt oomScoreAdj,
    Optional<String> apparmorProfile,
    Optional<String> selinuxLabel) {
  // before the default, which is checked by it
  private static final Pattern CAPABILITY = Pattern.compile("CAP_[A-Z][A-Z_]{1,40}");

  /**
   * Docker's capabilities but for {@code CAP_MKNOD}, its masked and read-only paths, no new
   * privileges, and the standard seccomp profile.
   *
   * <p>No {@code CAP_MKNOD}, because nothing but a device control group would keep a container that
   * can make device nodes from the host's disks. Grant it together with a {@link
   * ContainerSpec#cgroupsPath}.
   */
  public static final ContainerSecurity DEFAULT =
      new ContainerSecurity(
          Set.of(
              "CAP_AUDIT_WRITE",
              "CAP_CHOWN",
              "CAP_DAC_OVERRIDE",
              "CAP_FOWNER",
              "CAP_FSETID",
              "CAP_KILL",
              "CAP_NET_BIND_SERVICE",
              "CAP_NET_RAW",
              "CAP_SETFCAP",
              "CAP_SETGID",
              "CAP_SETPCAP",
              "CAP_SETUID",
              "CAP_SYS_CHROOT"),
          List.of(
              "/proc/acpi",
              "/proc/asound",
              "/proc/interrupts",
              "/proc/kcore",
              "/proc/keys",
              "/proc/latency_stats",
              "/proc/sched_debug",
              "/proc/scsi",
              "/proc/timer_list",
              "/proc/timer_stats",
              "/sys/devices/virtual/powercap",
              "/sys/firmware"),
          List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"),
          true,
          new SeccompProfile.Standard(),
          List.of(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a name is none of a capability, a path is not absolute, a
   *     limit is there twice, or the score is out of range
   */
  public ContainerSecurity {
    for (String capability : capabilities) {
      if (!CAPABILITY.matcher(capability).matches()) {
        throw new IllegalArgumentException(
            "'" + capability + "' is no capability; use a name such as CAP_CHOWN");
      }
    }
    capabilities = Set.copyOf(capabilities);
    maskedPaths =
        maskedPaths.stream().map(path -> ContainerPath.mountPoint("masked path", path)).toList();
    readOnlyPaths =
        readOnlyPaths.stream()
            .map(path -> ContainerPath.mountPoint("read-only path", path))
            .toList();
    Objects.requireNonNull(seccomp, "seccomp");
    limits = List.copyOf(limits);
    if (limits.stream().map(ResourceLimit::type).distinct().count() < limits.size()) {
      throw new IllegalArgumentException("a limit is there twice: " + limits);
    }
    if (oomScoreAdj.isPresent() && Math.abs((long) oomScoreAdj.getAsInt()) > 1000) {
      throw new IllegalArgumentException("OOM score adjustment " + oomScoreAdj.getAsInt());
    }
  }

  /**
   * The same with other capabilities.
   *
   * @param others all that are granted
   * @return a copy
   */
  public ContainerSecurity withCapabilities(Set<String> others) {
    return new ContainerSecurity(
        others,
        maskedPaths,
        readOnlyPaths,
        noNewPrivileges,
        seccomp,
        limits,
        oomScoreAdj,
        apparmorProfile,
        selinuxLabel);
  }

  /**
   * The same with one capability more.
   *
   * @param capability its name
   * @return a copy
   */
  public ContainerSecurity plusCapability(String capability) {
    Set<String> more = new TreeSet<>(capabilities);
    more.add(capability);
    return withCapabilities(more);
  }

  /**
   * The same with other hidden paths.
   *
   * @param masked absolute paths that are empty
   * @param readOnly absolute paths that cannot be written to
   * @return a copy
   */
  public ContainerSecurity withPaths(List<String> masked, List<String> readOnly) {
    return new ContainerSecurity(
        capabilities,
        masked,
        readOnly,
        noNewPrivileges,
        seccomp,
        limits,
        oomScoreAdj,
        apparmorProfile,
        selinuxLabel);
  }

  /**
   * The same with set-user-ID programs and file capabilities that have an effect, or have not.
   *
   * @param none true if they have not
   * @return a copy
   */
  public ContainerSecurity withNoNewPrivileges(boolean none) {
    return new ContainerSecurity(
        capabilities,
        maskedPaths,
        readOnlyPaths,
        none,
        seccomp,
        limits,
        oomScoreAdj,
        apparmorProfile,
        selinuxLabel);
  }

  /**
   * The same with another seccomp profile.
   *
   * @param profile which system calls there are
   * @return a copy
   */
  public ContainerSecurity withSeccomp(SeccompProfile profile) {
    return new ContainerSecurity(
        capabilities,
        maskedPaths,
        readOnlyPaths,
        noNewPrivileges,
        profile,
        limits,
        oomScoreAdj,
        apparmorProfile,
        selinuxLabel);
  }

  /**
   * The same with other limits.
   *
   * @param others all limits that differ from those of this process
   * @return a copy
   */
  public ContainerSecurity withLimits(List<ResourceLimit> others) {
    return new ContainerSecurity(
        capabilities,
        maskedPaths,
        readOnlyPaths,
        noNewPrivileges,
        seccomp,
        others,
        oomScoreAdj,
        apparmorProfile,
        selinuxLabel);
  }

  /**
   * The same with another score for when memory is short.
   *
   * @param score −1000 to 1000
   * @return a copy
   */
  public ContainerSecurity withOomScoreAdj(int score) {
    return new ContainerSecurity(
        capabilities,
        maskedPaths,
        readOnlyPaths,
        noNewPrivileges,
        seccomp,
        limits,
        OptionalInt.of(score),
        apparmorProfile,
        selinuxLabel);
  }

  /**
   * The same under security modules of the host.
   *
   * @param apparmor name of a loaded AppArmor profile; none if empty
   * @param selinux SELinux label of its processes; none if empty
   * @return a copy
   */
  public ContainerSecurity withLabels(Optional<String> apparmor, Optional<String> selinux) {
    return new ContainerSecurity(
        capabilities,
        maskedPaths,
        readOnlyPaths,
        noNewPrivileges,
        seccomp,
        limits,
        oomScoreAdj,
        apparmor,
        selinux);
  }
}
