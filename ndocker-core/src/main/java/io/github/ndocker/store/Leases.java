package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.linux.Boot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which blobs the kernel still reads from, because an EROFS superblock lives.
 *
 * <p>The truth is the directory {@code /sys/fs/erofs/<name>}, its inode number, and the boot it was
 * seen in: the kernel gives names again, but not these numbers. A mount table proves nothing: a
 * superblock lives on under an overlay, or in another mount namespace, after its mount is gone from
 * every table. Thread-safe.
 */
public final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final Path SYSFS = Path.of("/sys");
  private static final String UNLINKED = " (deleted)";

  private final LeaseTable table;
  private final Path superblocks;
  private final Path blockDevices;
  private final String bootId;
  // of the table, so that asking costs no query
  private final Map<String, Lease> known = new HashMap<>();
  private final Map<Digest, Integer> held = new HashMap<>();

  private Leases(LeaseTable table, Path sysfs, String bootId) throws IOException {
    this.table = table;
    this.superblocks = sysfs.resolve("fs").resolve("erofs");
    this.blockDevices = sysfs.resolve("block");
    this.bootId = bootId;
    for (Lease lease : table.list()) {
      known.put(lease.superblock(), lease);
    }
  }

  /**
   * The leases of this host.
   *
   * @param catalogue where they are kept
   * @return the leases
   * @throws IOException if the catalogue or the boot ID cannot be read
   */
  public static Leases open(Catalogue catalogue) throws IOException {
    return open(catalogue, SYSFS, Boot.id());
  }

  /**
   * The leases of a host whose kernel shows itself elsewhere.
   *
   * @param catalogue where they are kept
   * @param sysfs where sysfs is mounted
   * @param bootId what identifies the running kernel's boot
   * @return the leases
   * @throws IOException if the catalogue cannot be read
   */
  public static Leases open(Catalogue catalogue, Path sysfs, String bootId) throws IOException {
    return new Leases(catalogue.leases(), sysfs, bootId);
  }

  /**
   * Keeps blobs where they are while a mount is being prepared, for which there is no superblock
   * yet. Take it before the blobs are located; close it when the lease is added.
   *
   * @param blobs what will be mounted
   * @return to be closed by the caller
   */
  public synchronized Hold hold(Set<Digest> blobs) {
    Set<Digest> copy = Set.copyOf(blobs);
    copy.forEach(blob -> held.merge(blob, 1, Integer::sum));
    return new Hold(this, copy);
  }

  /**
   * Ties blobs to a superblock of this boot. Replaces an earlier lease of the same name, whose
   * superblock must be gone if the kernel gave its name again.
   *
   * @param superblock the name of its directory under {@code /sys/fs/erofs}
   * @param blobs what its devices are
   * @param ranges where they lie
   * @return the lease
   * @throws IOException if it cannot be kept; nothing may be unmounted or deleted on its account
   */
  public synchronized Lease add(String superblock, Set<Digest> blobs, List<Lease.Range> ranges)
      throws IOException {
    Lease.requireName(superblock);
    Lease lease =
        new Lease(
            superblock, bootId, inode(superblock).orElse(0L), loopFile(superblock), blobs, ranges);
    table.put(lease);
    known.put(superblock, lease);
    return lease;
  }

  /**
   * Ties blobs to every EROFS superblock that lives, beside what its lease names already: for when
   * rows of the catalogue were lost, and nobody knows what these read.
   *
   * @param blobs everything that one of them may read, by the names that the tiers have for it
   * @return how many superblocks there are
   * @throws IOException if a lease cannot be kept, or sysfs cannot be read
   */
  public synchronized int addToAll(Set<Digest> blobs) throws IOException {
    int found = 0;
    if (Files.isDirectory(superblocks)) {
      try (DirectoryStream<Path> names = Files.newDirectoryStream(superblocks)) {
        for (Path name : names) {
          String superblock = String.valueOf(name.getFileName());
          // the one entry that stands for the kernel's abilities
          if (!superblock.equals("features")) {
            Lease before = known.get(superblock);
            Set<Digest> all = new HashSet<>(blobs);
            if (before != null) {
              all.addAll(before.blobs());
            }
            add(superblock, all, before == null ? List.of() : before.ranges());
            found++;
          }
        }
      }
    }
    return found;
  }

  /**
   * Whether the kernel may still read from the lease's blobs.
   *
   * @param lease the lease
   * @return true while its superblock lives
   */
  public boolean isLive(Lease lease) {
    if (!lease.bootId().equals(bootId)) {
      return false;
    }
    try {
      Optional<Long> inode = inode(lease.superblock());
      return inode.isPresent()
          && (lease.inode() == 0 || inode.get() == lease.inode())
          && (lease.loopFile().isEmpty() || lease.loopFile().equals(loopFile(lease.superblock())));
    } catch (IOException e) {
      // what cannot be looked at counts as alive
      LOG.warn("cannot look at {}: {}", lease.superblock(), e.getMessage());
      return true;
    }
  }

  /** The number of the superblock's directory, which no later one gets; empty if it is gone. */
  private Optional<Long> inode(String superblock) throws IOException {
    try {
      Path directory = superblocks.resolve(superblock);
      return Optional.of(
          (Long) Files.getAttribute(directory, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The file behind a loop device; empty if the superblock lies on none. */
  private Optional<String> loopFile(String superblock) throws IOException {
    Path shown = blockDevices.resolve(superblock).resolve("loop").resolve("backing_file");
    try {
      String file = Files.readString(shown).strip();
      // the kernel says so when the file has no name any more; it is the same one all the same
      return Optional.of(
          file.endsWith(UNLINKED) ? file.substring(0, file.length() - UNLINKED.length()) : file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a live lease or a hold names the blob.
   *
   * @param blob its digest
   * @return true if its bytes must stay where they are
   */
  public synchronized boolean leased(Digest blob) {
    return held.containsKey(blob)
        || known.values().stream().anyMatch(lease -> lease.blobs().contains(blob) && isLive(lease));
  }

  /**
   * Forgets the leases whose superblocks are gone.
   *
   * @return what was forgotten
   * @throws IOException if the catalogue fails
   */
  public synchronized List<Lease> expire() throws IOException {
    List<Lease> ended = known.values().stream().filter(lease -> !isLive(lease)).toList();
    if (!ended.isEmpty()) {
      // in one transaction: whoever mounts waits for it
      table.removeAll(ended);
      ended.forEach(lease -> known.remove(lease.superblock()));
    }
    return ended;
  }

  private synchronized void release(Set<Digest> blobs) {
    for (Digest blob : blobs) {
      held.computeIfPresent(blob, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Blobs that stay where they are. Closing twice is harmless. */
  public static final class Hold implements AutoCloseable {
    private final Leases leases;
    private Set<Digest> blobs;

    private Hold(Leases leases, Set<Digest> blobs) {
      this.leases = leases;
      this.blobs = blobs;
    }

    @Override
    public synchronized void close() {
      leases.release(blobs);
      blobs = Set.of();
    }
  }
}
