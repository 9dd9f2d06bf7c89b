package io.github.ndocker.engine;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.runtime.BindMount;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Probe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image with a program that does what is hard to follow: it forks, runs a program by its open
 * file, maps memory, writes to files of the image, deletes them, and leaves a daemon behind.
 */
final class BusyProgram {
  static final String NAME = "busy";
  static final int FILE_BYTES = 64 << 10;
  static final int MANY = 20_000;

  private static final String SOURCE =
      """
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/mman.h>
      #include <sys/stat.h>
      #include <sys/wait.h>
      #include <unistd.h>

      static void look(const char *path, long offset) {
        char page[4096];
        int file = open(path, O_RDONLY);
        if (file < 0 || pread(file, page, sizeof page, offset) < 1) exit(7);
        /* files of the image hold the first letter of their names, those of the container this one */
        if (page[0] != path[1] && page[0] != '+') exit(8);
        close(file);
      }

      static int all(void) {
        look("/read", 8192);
        int file = open("/written", O_RDWR);
        if (file < 0 || write(file, "new", 3) != 3) return 6;
        look("/deleted", 0);
        if (unlink("/deleted")) return 5;
        if (unlink("/replaced")) return 5;
        file = open("/replaced", O_CREAT | O_RDWR, 0644);
        if (file < 0 || write(file, "+", 1) != 1) return 6;
        look("/replaced", 0);
        file = open("/made", O_CREAT | O_WRONLY, 0644);
        if (file < 0) return 6;
        file = open("/mapped", O_RDONLY);
        volatile char *map = mmap(0, 65536, PROT_READ, MAP_PRIVATE, file, 0);
        if (map == MAP_FAILED || map[16384] != 'm') return 4;
        int done[2];
        char c;
        if (pipe(done)) return 2;
        if (!fork()) {
          char self[64];
          dup2(done[1], 9);
          file = open("/other", O_RDONLY);
          sprintf(self, "/proc/self/fd/%d", file);
          execl(self, "other", "child", (char *) 0);
          _exit(3);
        }
        /* it stays until it can be asked who started it */
        if (read(done[0], &c, 1) != 1) return 3;
        int status;
        int begin[2];
        if (pipe(begin)) return 2;
        int middle = fork();
        if (!middle) {
          setsid();
          if (!fork()) {
            close(begin[1]);
            read(begin[0], &c, 1);
            look("/daemon", 4096);
            printf("ready\\n");
            for (;;) pause();
          }
          _exit(0);
        }
        if (waitpid(middle, &status, 0) < 0 || status) return 3;
        /* the end of the pipe: what started the daemon is gone */
        close(begin[1]);
        for (;;) pause();
      }

      int main(int argc, char **argv) {
        setvbuf(stdout, NULL, _IONBF, 0);
        if (argc < 2) return 1;
        if (!strcmp(argv[1], "all")) return all();
        if (!strcmp(argv[1], "child")) { look("/child", 0); write(9, "x", 1); for (;;) pause(); }
        if (!strcmp(argv[1], "fail")) { look("/read", 0); return 9; }
        if (!strcmp(argv[1], "end")) { look("/read", 0); return 0; }
        if (!strcmp(argv[1], "wait")) { look("/read", 0); printf("waiting\\n"); for (;;) pause(); }
        if (!strcmp(argv[1], "later")) {
          printf("waiting\\n");
          while (access("/go/on", F_OK)) usleep(1000);
          return all();
        }
        if (!strcmp(argv[1], "deep")) {
          char name[251];
          memset(name, 'd', 250);
          name[250] = 0;
          for (int i = 0; i < 40; i++) {
            if (mkdir(name, 0755) || chdir(name)) return 5;
          }
          close(open("made", O_CREAT | O_WRONLY, 0644));
          printf("ready\\n");
          for (;;) pause();
        }
        if (!strcmp(argv[1], "many")) {
          for (int i = 0; i < atoi(argv[2]); i++) {
            char name[32];
            sprintf(name, "/many/%d", i);
            close(open(name, O_CREAT | O_WRONLY, 0644));
          }
          printf("ready\\n");
          for (;;) pause();
        }
        return 1;
      }
      """;

  private final TinyImage image;

  private BusyProgram(TinyImage image) {
    this.image = image;
  }

  /** Compiles it, or skips the test where no C compiler makes static programs. */
  static BusyProgram compile(Path directory) throws IOException {
    byte[] program = Files.readAllBytes(Probe.compile(directory, SOURCE));
    Map<String, byte[]> files = new TreeMap<>();
    files.put("busy", program);
    files.put("other", program);
    files.put("many/", new byte[0]);
    files.put("go/", new byte[0]);
    for (String name :
        List.of("read", "written", "deleted", "replaced", "mapped", "child", "daemon", "never")) {
      byte[] content = new byte[FILE_BYTES];
      Arrays.fill(content, (byte) name.charAt(0));
      files.put(name, content);
    }
    return new BusyProgram(TinyImage.of(List.of(layer(files))));
  }

  /** The same with a layer below it, so that it is another image. */
  BusyProgram rebuilt() throws IOException {
    TinyLayer below = TinyLayer.ofTexts("ADD below /", Map.of("below", "another base"));
    return new BusyProgram(TinyImage.of(List.of(below, image.layers().get(0))));
  }

  private static TinyLayer layer(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (TarArchiveOutputStream entries = new TarArchiveOutputStream(tar, "UTF-8")) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setModTime(1_735_689_600_000L);
        entry.setMode(0755);
        entry.setSize(file.getValue().length);
        entries.putArchiveEntry(entry);
        entries.write(file.getValue());
        entries.closeArchiveEntry();
      }
    }
    return TinyLayer.ofTar("COPY busy /", tar.toByteArray());
  }

  Path writeLayout(Path directory) throws IOException {
    return image.writeLayout(directory);
  }

  static ImageReference reference() throws IOException {
    return ImageReference.parse(TinyImage.TAG);
  }

  static ContainerSpec spec(String... arguments) {
    return spec(List.of(), arguments);
  }

  /** The one that is to do all of it, as soon as there is a file {@code on} in the directory. */
  static ContainerSpec later(Path directory) {
    return spec(List.of(BindMount.writable(directory, "/go")), "later");
  }

  private static ContainerSpec spec(List<BindMount> mounts, String... arguments) {
    List<String> all = new ArrayList<>(List.of("/busy"));
    all.addAll(List.of(arguments));
    return new ContainerSpec(all, List.of(), "/", "", mounts);
  }
}
