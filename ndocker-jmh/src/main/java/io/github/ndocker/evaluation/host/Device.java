package io.github.ndocker.evaluation.host;

import io.github.ndocker.api.NDockerException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A medium with a file system on it. Emulated ones are two loop devices over a file, ext4, mounted,
 * and limited by the kernel's block throttle; closing undoes all of that, the last first, and may
 * be done twice.
 */
public final class Device implements Closeable {
  /** Of memory, at most: what is deleted is written over, and not given back. */
  private static final String BYTES = "7G";

  private static final String INODES = "600000";
  private static final int SECTOR = 512;
  private static final int MOST_LOOKS = 50;
  private static final long LOOK_NANOS = 100_000_000;

  private final Path root;
  private final DeviceProfile profile;
  private final Optional<String> block;
  private final Deque<Closeable> undo = new ArrayDeque<>();
  private final Optional<Throttle> throttle;

  private Device(
      Path root, DeviceProfile profile, Optional<String> block, Optional<Throttle> throttle) {
    this.root = root;
    this.profile = profile;
    this.block = block;
    this.throttle = throttle;
  }

  /** A directory on a disk as it is, of which no reads are known. */
  public static Device existing(Path root) {
    return new Device(root, DeviceProfile.NONE, Optional.empty(), Optional.empty());
  }

  /**
   * Makes a device.
   *
   * @param memory a directory on tmpfs for the file under the loop device, and for the mount point
   * @param name of both
   * @param profile how fast it is
   */
  public static Device emulated(Path memory, String name, DeviceProfile profile)
      throws IOException {
    Path file = memory.resolve(name + ".img");
    Path root = memory.resolve(name);
    Deque<Closeable> undo = new ArrayDeque<>();
    try {
      undo.push(() -> Files.deleteIfExists(file));
      HostCommand.run("truncate", "--size", BYTES, file.toString());
      String limited = attach(undo, file.toString());
      // the throttle charges what it is given before the kernel merges it, a disk what comes after:
      // an upper device hands merged requests to a lower one that is limited
      String loop = attach(undo, "--direct-io=on", limited);
      setReadAhead(undo, loop, profile.readAheadKib());
      // nothing is left to be initialised in the background, which would take from the limit
      HostCommand.run(
          "mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", "-N", INODES, loop);
      Files.createDirectory(root);
      undo.push(() -> Files.delete(root));
      HostCommand.run("mount", loop, root.toString());
      undo.push(() -> unmount(root));
      String block = String.valueOf(Path.of(limited).getFileName());
      Optional<Throttle> throttle = Optional.empty();
      if (profile.isLimited()) {
        Throttle limit =
            new Throttle(Files.readString(Path.of("/sys/block", block, "dev")).strip(), profile);
        undo.push(limit);
        limit.set();
        throttle = Optional.of(limit);
      }
      Device device = new Device(root, profile, Optional.of(block), throttle);
      device.undo.addAll(undo);
      return device;
    } catch (IOException | RuntimeException e) {
      closeAll(undo, e);
      throw e;
    }
  }

  private static String attach(Deque<Closeable> undo, String... what) throws IOException {
    List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
    command.addAll(List.of(what));
    String loop = HostCommand.run(command).strip();
    undo.push(() -> HostCommand.run("losetup", "--detach", loop));
    return loop;
  }

  /** A loop device keeps what was set for whatever was attached to it before. */
  private static void setReadAhead(Deque<Closeable> undo, String loop, int kib) throws IOException {
    Path setting =
        Path.of(
            "/sys/block", String.valueOf(Path.of(loop).getFileName()), "queue", "read_ahead_kb");
    String before = Files.readString(setting);
    undo.push(() -> Files.writeString(setting, before));
    Files.writeString(setting, String.valueOf(kib));
  }

  /** Where its file system is mounted. */
  public Path root() {
    return root;
  }

  /** How fast it is. */
  public DeviceProfile profile() {
    return profile;
  }

  /** Makes the limit hold in another control group, in which containers will run. */
  public void limitIn(Path group) throws IOException {
    if (throttle.isPresent()) {
      throttle.get().holdIn(group);
    }
  }

  /** Something that is done to a device. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does something that is not measured, without the limit: it would only take time.
   *
   * @throws LimitNotHeldException after it, if the limit was not there before: what has been
   *     measured is void
   */
  public void unlimited(Work work) throws IOException {
    if (throttle.isEmpty()) {
      work.run();
      return;
    }
    Throttle limit = throttle.get();
    boolean held = limit.isHeld();
    limit.suspend();
    try {
      work.run();
      // what it left to be written is not charged to what is measured next
      sync();
    } finally {
      limit.resume();
    }
    if (!held) {
      throw new LimitNotHeldException("the device at " + root + " had lost its limit");
    }
  }

  /** What has been read since the device exists; nothing is known of a disk that is as it is. */
  public DeviceReads reads() throws IOException {
    if (block.isEmpty()) {
      return new DeviceReads(0, 0);
    }
    List<String> fields =
        List.of(
            Files.readString(Path.of("/sys/block", block.get(), "stat")).strip().split("\\s+", -1));
    // what was merged was charged too
    return new DeviceReads(
        Long.parseLong(fields.get(0)) + Long.parseLong(fields.get(1)),
        Long.parseLong(fields.get(2)) * SECTOR);
  }

  /** Waits until it has not read for a while: until what was asked for has come. */
  public void awaitIdle() throws IOException {
    for (int look = 0; look < MOST_LOOKS; look++) {
      DeviceReads before = reads();
      LockSupport.parkNanos(LOOK_NANOS);
      if (reads().equals(before)) {
        return;
      }
    }
  }

  /** Writes out what is in memory only. */
  public void sync() throws IOException {
    HostCommand.run("sync", "--file-system", root.toString());
  }

  @Override
  public synchronized void close() throws IOException {
    IOException failure = new NDockerException("cannot remove the emulated device at " + root);
    closeAll(undo, failure);
    undo.clear();
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  /** A file system that something still uses goes when that ends. */
  private static void unmount(Path root) throws IOException {
    try {
      HostCommand.run("umount", root.toString());
    } catch (NDockerException e) {
      HostCommand.run("umount", "--lazy", root.toString());
    }
  }

  private static void closeAll(Deque<Closeable> undo, Exception failure) {
    for (Closeable step : undo) {
      try {
        step.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
