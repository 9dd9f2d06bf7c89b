package io.github.ndocker.rootfs;

import io.github.ndocker.linux.DetachedMount;
import io.github.ndocker.linux.FilesystemContext;
import io.github.ndocker.linux.LoopDevice;
import io.github.ndocker.linux.ReadAhead;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mounts EROFS superblocks whose data lies in other files. */
final class ErofsMount {
  private static final Logger LOG = LoggerFactory.getLogger(ErofsMount.class);
  private static final Path SUPERBLOCKS = Path.of("/sys/fs/erofs");
  private static final Path BACKING_DEVICES = Path.of("/sys/class/bdi");
  private static final int ATTEMPTS = 8;

  private ErofsMount() {}

  static void mountFiles(ErofsSource source, Path directory, SuperblockListener listener)
      throws IOException {
    prefetch(source.metadata());
    boolean named = false;
    try (Closing opened = new Closing()) {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        FilesystemContext erofs = opened.add(new FilesystemContext("erofs"));
        erofs.set("source", opened.add(new MountPath(source.metadata())).option());
        for (Path device : source.devices()) {
          erofs.set("device", opened.add(new MountPath(device)).option());
        }
        erofs.set("ro");
        Created created = createAndLook(erofs);
        if (created.superblocks().size() == 1) {
          String name = created.superblocks().iterator().next();
          if (!source.readAhead()) {
            disableReadAhead(created.readAheadSetting(name));
          }
          listener.created(name);
          erofs.mount(directory, DetachedMount.MOUNT_ATTR_RDONLY);
          return;
        }
        // somebody else mounted an EROFS at this moment: which of the names is ours cannot be told,
        // so ask for a new one
        erofs.close();
        named |= !created.superblocks().isEmpty();
      }
    }
    throw new MountException(
        "cannot tell the superblock of "
            + source.metadata()
            + (named
                ? " from those mounted at the same time; try again"
                : ": the kernel shows no new one in " + SUPERBLOCKS + "; is sysfs mounted there?"));
  }

  /**
   * What came up in sysfs while a superblock was made.
   *
   * @param superblocks names of superblocks
   * @param devices names of the devices that stand for file systems without a block device
   */
  private record Created(Set<String> superblocks, Set<String> devices) {
    /** Most kernels give both the same name; some have other names for superblocks. */
    Path readAheadSetting(String superblock) {
      String device =
          !devices.contains(superblock) && devices.size() == 1
              ? devices.iterator().next()
              : superblock;
      return BACKING_DEVICES.resolve(device).resolve("read_ahead_kb");
    }
  }

  /** The kernel does not tell a superblock's name to who makes it, so see which one is new. */
  private static synchronized Created createAndLook(FilesystemContext erofs) throws IOException {
    Set<String> superblocks = names(SUPERBLOCKS, "");
    Set<String> devices = names(BACKING_DEVICES, "erofs");
    erofs.create();
    Set<String> newSuperblocks = names(SUPERBLOCKS, "");
    newSuperblocks.removeAll(superblocks);
    Set<String> newDevices = names(BACKING_DEVICES, "erofs");
    newDevices.removeAll(devices);
    return new Created(newSuperblocks, newDevices);
  }

  static void mountLoopDevices(ErofsSource source, Path directory, SuperblockListener listener)
      throws IOException {
    prefetch(source.metadata());
    try (Closing opened = new Closing()) {
      LoopDevice metadata = opened.add(LoopDevice.attach(source.metadata()));
      FilesystemContext erofs = opened.add(new FilesystemContext("erofs"));
      erofs.set("source", metadata.node().toString());
      for (Path device : source.devices()) {
        erofs.set("device", opened.add(LoopDevice.attach(device)).node().toString());
      }
      erofs.set("ro");
      String name = metadata.node().getFileName().toString();
      if (!source.readAhead()) {
        disableReadAhead(Path.of("/sys/block", name, "queue", "read_ahead_kb"));
      }
      erofs.create();
      listener.created(name);
      erofs.mount(directory, DetachedMount.MOUNT_ATTR_RDONLY);
    }
  }

  private static void disableReadAhead(Path setting) throws IOException {
    try {
      Files.write(
          setting, "0".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.TRUNCATE_EXISTING);
    } catch (NoSuchFileException e) {
      // slower, and a trace finds more than was read; both better than no container
      LOG.warn("this kernel has no {}: it reads ahead from hot ranges into cold ones", setting);
    }
  }

  /** Look-ups cost a disk more than data: read the metadata once, front to back. */
  private static void prefetch(Path metadata) throws IOException {
    ReadAhead.read(metadata, 0, Files.size(metadata));
  }

  private static Set<String> names(Path directory, String prefix) throws IOException {
    if (!Files.isDirectory(directory)) {
      return new HashSet<>();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  /** Closes what was opened, the last first. */
  private static final class Closing implements Closeable {
    private final Deque<Closeable> opened = new ArrayDeque<>();

    <T extends Closeable> T add(T closeable) {
      opened.push(closeable);
      return closeable;
    }

    @Override
    public void close() throws IOException {
      for (Closeable closeable : opened) {
        closeable.close();
      }
    }
  }
}
