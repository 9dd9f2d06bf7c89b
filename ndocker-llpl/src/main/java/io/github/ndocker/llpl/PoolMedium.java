package io.github.ndocker.llpl;

import io.github.ndocker.api.TierDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What a pool file lies on, and so what makes its bytes durable. */
enum PoolMedium {
  /** A DAX mount: stores reach the medium when the CPU's caches are flushed. */
  PERSISTENT_MEMORY("persistent memory, flushed by the CPU", true),
  /** tmpfs: nothing survives. */
  MEMORY("emulated persistent memory, lost at a power cut", false),
  /** The page cache of an ordinary file system: stores reach the medium when the file is synced. */
  FILES("emulated persistent memory on files, synced", true);

  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  private final String label;
  private final boolean durable;

  PoolMedium(String label, boolean durable) {
    this.label = label;
    this.durable = durable;
  }

  static PoolMedium of(Path directory) throws IOException {
    return of(directory.toRealPath(), Files.readAllLines(MOUNTS));
  }

  /** Judges by the lines of a mount table: device, mount point, type, options. */
  static PoolMedium of(Path directory, List<String> mounts) {
    Path longest = Path.of("/");
    PoolMedium medium = FILES;
    for (String line : mounts) {
      String[] fields = line.split(" ", -1);
      if (fields.length < 4) {
        continue;
      }
      Path point = Path.of(fields[1].replace("\\040", " "));
      // a later mount hides an earlier one at the same place
      if (directory.startsWith(point) && point.getNameCount() >= longest.getNameCount()) {
        longest = point;
        medium = judge(fields[2], Arrays.asList(fields[3].split(",", -1)));
      }
    }
    return medium;
  }

  private static PoolMedium judge(String type, List<String> options) {
    if (options.contains("dax") || options.contains("dax=always")) {
      return PERSISTENT_MEMORY;
    }
    return type.equals("tmpfs") || type.equals("ramfs") ? MEMORY : FILES;
  }

  /** Whether bytes must be written out of the CPU's caches before they are durable. */
  boolean needsFlush() {
    return this == PERSISTENT_MEMORY;
  }

  /** Whether the pool file must be synced before its bytes are durable. */
  boolean needsSync() {
    return this == FILES;
  }

  TierDescription describe(Path directory) {
    // PMDK then flushes caches instead of syncing, also where only a sync helps
    boolean forced = "1".equals(System.getenv("PMEM_IS_PMEM_FORCE"));
    return new TierDescription(label, directory, durable && !(forced && needsSync()));
  }
}
