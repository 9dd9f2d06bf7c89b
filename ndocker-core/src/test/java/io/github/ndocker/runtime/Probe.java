package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small static program for containers, compiled from C. */
public final class Probe {
  private static final String SOURCE =
      """
      #include <arpa/inet.h>
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/stat.h>
      #include <sys/socket.h>
      #include <unistd.h>

      /* print TEXT | exit CODE | listen PORT | sleep | ids | read FILE OFFSET LENGTH | write FILE
         | swap LINK NAME */
      int main(int argc, char **argv) {
        setvbuf(stdout, NULL, _IONBF, 0);
        for (int i = 1; i < argc; i++) {
          if (!strcmp(argv[i], "print")) {
            printf("%s\\n", argv[++i]);
          } else if (!strcmp(argv[i], "exit")) {
            return atoi(argv[++i]);
          } else if (!strcmp(argv[i], "sleep")) {
            for (;;) pause();
          } else if (!strcmp(argv[i], "ids")) {
            printf("%d:%d\\n", getuid(), getgid());
          } else if (!strcmp(argv[i], "listen")) {
            struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[++i]))};
            int listening = socket(AF_INET, SOCK_STREAM, 0);
            if (bind(listening, (void *) &address, sizeof address) || listen(listening, 8)) return 9;
          } else if (!strcmp(argv[i], "read")) {
            int file = open(argv[i + 1], O_RDONLY);
            long offset = atol(argv[i + 2]), left = atol(argv[i + 3]);
            char buffer[4096];
            while (file >= 0 && left > 0) {
              long n = pread(file, buffer, left < 4096 ? left : 4096, offset);
              if (n <= 0) return 8;
              offset += n;
              left -= n;
            }
            if (file < 0) return 7;
            i += 3;
          } else if (!strcmp(argv[i], "write")) {
            int file = open(argv[++i], O_CREAT | O_RDWR, 0644);
            if (file < 0 || write(file, "new", 3) != 3) return 6;
          } else if (!strcmp(argv[i], "swap")) {
            if (unlink(argv[i + 1]) || mkdir(argv[i + 1], 0755)) return 5;
            i++;
          } else {
            return 2;
          }
        }
        return 0;
      }
      """;

  private Probe() {}

  /** Compiles it, or skips the test where no C compiler makes static programs. */
  public static Path compile(Path directory) throws IOException {
    return compile(directory, SOURCE);
  }

  /** Compiles another program. */
  public static Path compile(Path directory, String text) throws IOException {
    Files.createDirectories(directory);
    Path source = Files.writeString(directory.resolve("probe.c"), text);
    Path program = directory.resolve("probe");
    try {
      Process compiler =
          new ProcessBuilder("cc", "-static", "-o", program.toString(), source.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
      boolean compiled = compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0;
      Assumptions.assumeTrue(compiled, "cc cannot link a static program: " + said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (IOException e) {
      Assumptions.abort("there is no C compiler: " + e.getMessage());
    }
    return program;
  }

  /** Skips the test where no container can be started. */
  public static void assumeContainers() throws IOException {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "containers need root");
    try {
      new ProcessBuilder("crun", "--version")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      Assumptions.abort("crun is not installed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
