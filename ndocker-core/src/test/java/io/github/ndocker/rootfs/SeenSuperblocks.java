package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The superblocks that a test has made. The kernel may give a name again, to another process too,
 * so each is known by the inode of its directory in sysfs.
 */
public final class SeenSuperblocks {
  private static final Path SUPERBLOCKS = Path.of("/sys/fs/erofs");

  private final Map<String, Object> inodes = new ConcurrentHashMap<>();

  /** Takes note of a superblock that lives now. */
  public void add(String name) throws IOException {
    inodes.put(name, inode(name));
  }

  int size() {
    return inodes.size();
  }

  /** The names of those that live still. */
  Set<String> live() throws IOException {
    Set<String> live = new TreeSet<>();
    for (Map.Entry<String, Object> seen : inodes.entrySet()) {
      try {
        if (inode(seen.getKey()).equals(seen.getValue())) {
          live.add(seen.getKey());
        }
      } catch (NoSuchFileException e) {
        // as it must be
      }
    }
    return live;
  }

  private static Object inode(String name) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(SUPERBLOCKS.resolve(name), BasicFileAttributes.class).fileKey());
  }
}
