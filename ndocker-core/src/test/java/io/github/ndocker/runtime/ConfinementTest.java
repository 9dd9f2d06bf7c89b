package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.rootfs.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process in a container sees and may do, under both runtimes. */
class ConfinementTest {
  @TempDir static Path compiled;
  @TempDir Path directory;
  private static Path program;

  @BeforeAll
  static void compile() throws IOException {
    program = Confined.compile(compiled);
  }

  private static void assertHas(String output, String... lines) {
    for (String line : lines) {
      assertTrue(output.lines().anyMatch(line::equals), line + " is not in:\n" + output);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void hasTheDefaultRightsAndNoOthers(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    Files.writeString(host.root().resolve("etc/passwd"), "web:x:33:34::/srv:/\n");
    Files.writeString(host.root().resolve("etc/group"), "log:x:4:web\nadm:x:9:\n");
    String root = host.output(Confined.spec("cat", "/proc/self/status"));
    // Docker's a80425fb but for bit 27, CAP_MKNOD
    assertHas(
        root,
        "CapBnd:\t00000000a00425fb",
        "CapEff:\t00000000a00425fb",
        "CapInh:\t0000000000000000",
        "CapAmb:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
        "Groups:\t0 ");
    String web =
        host.output(
            Confined.spec("cat", "/proc/self/status", "env", "HOME", "env", "HOSTNAME", "env", "A")
                .withUser("web", List.of("adm", "77"))
                .withHostname("inside"));
    assertHas(
        web,
        "Uid:\t33\t33\t33\t33",
        "Gid:\t34\t34\t34\t34",
        "Groups:\t4 9 34 77 ",
        "CapEff:\t0000000000000000",
        "HOME=/srv",
        "HOSTNAME=inside",
        "A=b");
    assertEquals(List.of(), host.left());
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void doesNotReachWhatIsHiddenOrForbidden(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    String output =
        host.output(
            Confined.spec(
                "cat",
                "/proc/timer_list",
                "make",
                "/proc/sys/kernel/domainname",
                "make",
                "/sys/x",
                "node",
                "/dev/disk",
                "calls"));
    assertHas(
        output,
        "/proc/sys/kernel/domainname EROFS",
        "node EPERM",
        "swapon EPERM",
        "unknown ENOSYS",
        "clone3 ENOSYS",
        "userns EPERM",
        "vsock ENOSYS",
        "inet done",
        "persona ENOSYS");
    assertFalse(output.contains("Timer List"), output);
    String open =
        host.output(
            Confined.spec("cat", "/proc/timer_list", "calls")
                .with(
                    ContainerSecurity.DEFAULT
                        .withPaths(List.of(), List.of())
                        .withSeccomp(new SeccompProfile.Unconfined())));
    assertHas(open, "clone3 EINVAL", "userns done");
    assertTrue(open.contains("Timer List"), open);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void hasEveryRightThatTheHostGrants(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    String profile =
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"swapon\"],"
            + "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":11}]}";
    String output =
        host.output(
            Confined.spec(
                    "files", "cat", "/proc/self/status", "cat", "/proc/self/oom_score_adj", "calls")
                .with(
                    ContainerSecurity.DEFAULT
                        .withCapabilities(Set.of("CAP_CHOWN"))
                        .withLimits(List.of(new ResourceLimit("RLIMIT_NOFILE", 100, 200)))
                        .withOomScoreAdj(500)
                        .withNoNewPrivileges(false)
                        .withSeccomp(new SeccompProfile.Document(profile))));
    assertHas(
        output,
        "swapon EAGAIN",
        "files 100:200",
        "CapBnd:\t0000000000000001",
        "NoNewPrivs:\t0",
        "500");
  }

  @ParameterizedTest
  @ValueSource(strings = "runc") // crun asks for CAP_SYS_RESOURCE to load its filter
  void keepsDevicesFromAContainerThatMayMakeNodesInItsOwnGroup(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    String output =
        host.output(
            Confined.spec(
                    "node",
                    "/dev/disk",
                    "cat",
                    "/dev/disk",
                    "cat",
                    "/proc/self/cgroup",
                    "make",
                    "/dev/null")
                .with(ContainerSecurity.DEFAULT.plusCapability("CAP_MKNOD"))
                .withCgroupsPath("/ndocker-test-" + ProcessHandle.current().pid()));
    assertHas(output, "EPERM", "/dev/null made");
    assertTrue(output.contains("ndocker-test-"), output);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void gainsPrivilegesOfTheImageOnlyIfTheHostAllows(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    Path setUser = Files.copy(program, host.root().resolve("setuser"));
    Files.setPosixFilePermissions(setUser, PosixFilePermissions.fromString("rwxr-xr-x"));
    Confined.run("chmod", "4755", setUser.toString());
    Path capable = Files.copy(program, host.root().resolve("capable"));
    Confined.run("setcap", "cap_net_raw+ep", capable.toString());
    for (boolean none : List.of(true, false)) {
      ContainerSecurity security = ContainerSecurity.DEFAULT.withNoNewPrivileges(none);
      ContainerSpec spec = Confined.spec().withUser("5:5", List.of()).with(security);
      String user =
          host.output(
              spec.withArguments(
                  List.of("/confined", "exec", "/setuser", "cat", "/proc/self/status")));
      assertHas(user, none ? "Uid:\t5\t5\t5\t5" : "Uid:\t5\t0\t0\t0");
      String file =
          host.output(
              spec.withArguments(
                  List.of("/confined", "exec", "/capable", "cat", "/proc/self/status")));
      assertHas(file, none ? "CapEff:\t0000000000000000" : "CapEff:\t0000000000002000");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void isNobodyOnTheHostInAUserNamespace(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    ContainerSpec spec =
        Confined.spec(
                "cat",
                "/proc/self/uid_map",
                "stat",
                "/new",
                "make",
                "/new/file",
                "catch",
                "15",
                "sleep")
            .withIdMappings(List.of(new IdMapping(0, 200_000, 1_000)))
            .withVolumes(List.of("/new"));
    // only who may write to the root could make the mount point
    Files.createDirectory(host.root().resolve("new"));
    Confined.run("chown", "-R", "200000:200000", host.root().toString());
    try (Container container = host.start(spec)) {
      container.awaitReady(new Readiness.Prints("ready"), Confined.LONG);
      assertHas(
          container.output(), "         0     200000       1000", "/new 0:0 755", "/new/file made");
      assertEquals(
          200_000, Files.getAttribute(host.bundle().resolve("volumes/0/file"), "unix:uid"));
    }
    ContainerException failure =
        assertThrows(
            ContainerException.class,
            () -> {
              try (Container container = host.start(spec.withArguments(List.of("/confined")))) {
                container.awaitReady(new Readiness.Listens(80), Confined.LONG);
              }
            });
    assertTrue(failure.getMessage().contains("exit code 0"), failure.getMessage());
    assertEquals(List.of(), host.left());
  }
}
