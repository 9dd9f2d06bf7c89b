package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A root filesystem with one static program that tells what a process in a container may do. */
final class Confined {
  static final Duration LONG = Duration.ofSeconds(60);

  private static final String SOURCE =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <fcntl.h>
      #include <sched.h>
      #include <signal.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/personality.h>
      #include <sys/resource.h>
      #include <sys/socket.h>
      #include <sys/stat.h>
      #include <sys/syscall.h>
      #include <sys/sysmacros.h>
      #include <unistd.h>

      static void on(int number) { printf("signal %d\\n", number); exit(0); }

      /* cat FILE | make FILE | stat FILE | node FILE | calls | files | env NAME | catch NUMBER | exec
         FILE ARG | fork | sleep */
      int main(int argc, char **argv) {
        setvbuf(stdout, NULL, _IONBF, 0);
        for (int i = 1; i < argc; i++) {
          if (!strcmp(argv[i], "cat")) {
            char text[65536];
            int file = open(argv[++i], O_RDONLY);
            if (file < 0) { printf("%s\\n", strerrorname_np(errno)); continue; }
            for (long n; (n = read(file, text, sizeof text)) > 0;) fwrite(text, 1, n, stdout);
            close(file);
          } else if (!strcmp(argv[i], "make")) {
            int file = open(argv[++i], O_CREAT | O_WRONLY, 0644);
            printf("%s %s\\n", argv[i], file < 0 ? strerrorname_np(errno) : "made");
          } else if (!strcmp(argv[i], "stat")) {
            struct stat s;
            if (stat(argv[++i], &s)) { printf("%s %s\\n", argv[i], strerrorname_np(errno)); continue; }
            printf("%s %d:%d %o\\n", argv[i], s.st_uid, s.st_gid, s.st_mode & 07777);
          } else if (!strcmp(argv[i], "node")) {
            int made = mknod(argv[++i], S_IFBLK | 0600, makedev(7, 0));
            printf("node %s\\n", made ? strerrorname_np(errno) : "made");
          } else if (!strcmp(argv[i], "calls")) {
            printf("swapon %s\\n", syscall(SYS_swapon, "/x", 0) ? strerrorname_np(errno) : "done");
            printf("unknown %s\\n", syscall(499) ? strerrorname_np(errno) : "done");
            printf("clone3 %s\\n", syscall(SYS_clone3, 0, 0) ? strerrorname_np(errno) : "done");
            printf("userns %s\\n", unshare(CLONE_NEWUSER) ? strerrorname_np(errno) : "done");
            printf("vsock %s\\n", socket(40, SOCK_STREAM, 0) < 0 ? strerrorname_np(errno) : "done");
            printf("inet %s\\n", socket(2, SOCK_STREAM, 0) < 0 ? strerrorname_np(errno) : "done");
            printf("persona %s\\n", personality(0x40000) < 0 ? strerrorname_np(errno) : "done");
          } else if (!strcmp(argv[i], "files")) {
            struct rlimit limit;
            getrlimit(RLIMIT_NOFILE, &limit);
            printf("files %ld:%ld\\n", (long) limit.rlim_cur, (long) limit.rlim_max);
          } else if (!strcmp(argv[i], "env")) {
            char *value = getenv(argv[++i]);
            printf("%s=%s\\n", argv[i], value ? value : "?");
          } else if (!strcmp(argv[i], "catch")) {
            signal(atoi(argv[++i]), on);
            printf("ready\\n");
          } else if (!strcmp(argv[i], "exec")) {
            execl(argv[i + 1], argv[i + 1], argv[i + 2], argv[i + 3], NULL);
            printf("exec %s\\n", strerrorname_np(errno));
          } else if (!strcmp(argv[i], "fork")) {
            if (!fork()) { setsid(); for (;;) pause(); }
          } else if (!strcmp(argv[i], "sleep")) {
            for (;;) pause();
          }
        }
        return 0;
      }
      """;

  private final Path directory;
  private final String runtime;
  private int started;

  Confined(Path directory, String runtime, Path program) throws IOException {
    this.directory = directory;
    this.runtime = runtime;
    // a user namespace looks at the path with rights of its own
    for (Path path = directory; path.startsWith("/tmp") && path.getNameCount() > 1; ) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      path = path.getParent();
    }
    for (String name : List.of("etc", "proc", "dev", "sys", "data", "tmp")) {
      Files.createDirectories(root().resolve(name));
    }
    Files.copy(program, root().resolve("confined"));
  }

  /** Compiles the program, or skips the test where runtime or compiler are missing. */
  static Path compile(Path directory) throws IOException {
    Probe.assumeContainers();
    for (String runtime : List.of("crun", "runc")) {
      Assumptions.assumeTrue(
          OciRuntime.isOnPath(runtime, System.getenv("PATH")), runtime + " is not installed");
    }
    Path source = Files.writeString(directory.resolve("confined.c"), SOURCE);
    Path program = directory.resolve("confined");
    run("cc", "-static", "-o", program.toString(), source.toString());
    return program;
  }

  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  Path root() {
    return directory.resolve("root");
  }

  Path bundle() {
    return directory.resolve("bundle" + started);
  }

  static ContainerSpec spec(String... arguments) {
    return new ContainerSpec(
        Stream.concat(Stream.of("/confined"), Stream.of(arguments)).toList(),
        List.of("A=b"),
        "/",
        "",
        List.of());
  }

  Container start(ContainerSpec spec) throws IOException {
    String id = "ndocker-test-" + ProcessHandle.current().pid() + "-" + runtime + ++started;
    return new OciRuntime(directory.resolve("state"), runtime)
        .start(id, spec, root(), Files.createDirectory(bundle()));
  }

  /** Runs to the end, and says what was printed. */
  String output(ContainerSpec spec) throws IOException {
    try (Container container = start(spec)) {
      container.awaitReady(new Readiness.Exits(""), LONG);
      return container.output();
    }
  }

  /** What is left of this host's containers: processes, mounts, control groups, records. */
  List<String> left() throws IOException {
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses();
        Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"));
        Stream<Path> records = Files.list(directory.resolve("state"))) {
      return Stream.of(
              processes.filter(Confined::isOurs).map(process -> "process " + process.pid()),
              mounts.filter(line -> line.contains(directory.toString())),
              records.map(Path::toString))
          .flatMap(each -> each)
          .toList();
    }
  }

  private static boolean isOurs(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", "" + process.pid(), "exe"))
          .endsWith("confined");
    } catch (IOException e) {
      return false; // ended meanwhile, or a thread of the kernel
    }
  }
}
