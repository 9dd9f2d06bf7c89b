package io.github.ndocker.evaluation.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's memory of files. */
public final class PageCache {
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
  private static final Pattern FIELD =
      Pattern.compile("(?m)^(Cached|Shmem|Buffers|KReclaimable): +(\\d+) kB");

  /** Inodes pin pages, and go only with the second look. */
  private static final int LEAST_DROPS = 3;

  private static final int MOST_DROPS = 20;

  /** A drop that frees less than this found nothing of an image any more. */
  private static final long SETTLED_KILOBYTES = 256;

  private static final String STARTING_PROGRAMS =
      "for program in crun runc ctr ctr-remote mount umount unshare; do $program --version; done;"
          + " containerd-shim-runc-v2 -v; ip -V; true";

  private PageCache() {}

  /** Drops files, inodes and directory entries from memory until no more of them go. */
  public static void drop() throws IOException {
    HostCommand.run("sync");
    long before = Long.MAX_VALUE;
    for (int drop = 1; drop <= MOST_DROPS; drop++) {
      Files.write(DROP_CACHES, "3".getBytes(StandardCharsets.US_ASCII));
      long left = reclaimableKilobytes();
      if (drop >= LEAST_DROPS && before - left < SETTLED_KILOBYTES) {
        break;
      }
      before = left;
    }
  }

  /**
   * Reads the programs that start containers: they are part of no image, and in memory on any host
   * that is in use.
   */
  public static void bringBackStartingPrograms() throws IOException {
    HostCommand.run("sh", "-c", "{ " + STARTING_PROGRAMS + "; } >/dev/null 2>&1 || true");
  }

  /** Bytes of some files that are in memory. */
  public static long residentBytes(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      return 0;
    }
    List<String> command =
        new ArrayList<>(List.of("fincore", "--bytes", "--noheadings", "--output", "RES"));
    files.forEach(file -> command.add(file.toString()));
    return HostCommand.run(command)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .mapToLong(Long::parseLong)
        .sum();
  }

  private static long reclaimableKilobytes() throws IOException {
    long sum = 0;
    Matcher field = FIELD.matcher(Files.readString(Path.of("/proc/meminfo")));
    while (field.find()) {
      // memory file systems are in the page cache too, and stay
      long kilobytes = Long.parseLong(field.group(2));
      sum += field.group(1).equals("Shmem") ? -kilobytes : kilobytes;
    }
    return sum;
  }
}
