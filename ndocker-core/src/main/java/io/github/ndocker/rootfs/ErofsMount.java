package io.github.ndocker.rootfs;

import io.github.ndocker.linux.FilesystemContext;
import io.github.ndocker.linux.LoopDevice;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mounts EROFS superblocks whose data lies in other files. */
final class ErofsMount {
  private static final Path SUPERBLOCKS = Path.of("/sys/fs/erofs");
  private static final int PREFETCH_BYTES = 1 << 20;
  private static final int ATTEMPTS = 8;

  private ErofsMount() {}

  static void mount(
      ErofsSource source, Backing backing, Path directory, SuperblockListener listener)
      throws IOException {
    prefetch(source.metadata());
    if (backing == Backing.FILES) {
      mountFiles(source, directory, listener);
    } else {
      mountLoopDevices(source, directory, listener);
    }
  }

  private static void mountFiles(ErofsSource source, Path directory, SuperblockListener listener)
      throws IOException {
    try (Closing opened = new Closing()) {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        FilesystemContext erofs = opened.add(new FilesystemContext("erofs"));
        erofs.set("source", opened.add(new MountPath(source.metadata())).option());
        for (Path device : source.devices()) {
          erofs.set("device", opened.add(new MountPath(device)).option());
        }
        erofs.set("ro");
        Set<String> created = createAndName(erofs);
        if (created.size() == 1) {
          String name = created.iterator().next();
          if (!source.readAhead()) {
            disableReadAhead(Path.of("/sys/class/bdi", name, "read_ahead_kb"));
          }
          listener.created(name);
          erofs.mount(directory, FilesystemContext.MOUNT_ATTR_RDONLY);
          return;
        }
        // somebody else mounted an EROFS at this moment: which of the names is ours cannot be told,
        // so ask for a new one
        erofs.close();
      }
    }
    throw new MountException(
        "cannot tell the superblock of "
            + source.metadata()
            + " from those mounted at the same time; try again");
  }

  /** The kernel does not tell a superblock's name to who makes it, so see which one is new. */
  private static synchronized Set<String> createAndName(FilesystemContext erofs)
      throws IOException {
    Set<String> before = superblocks();
    erofs.create();
    Set<String> created = new HashSet<>(superblocks());
    created.removeAll(before);
    return created;
  }

  private static void mountLoopDevices(
      ErofsSource source, Path directory, SuperblockListener listener) throws IOException {
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
      erofs.mount(directory, FilesystemContext.MOUNT_ATTR_RDONLY);
    }
  }

  private static void disableReadAhead(Path setting) throws IOException {
    Files.write(setting, "0".getBytes(StandardCharsets.US_ASCII));
  }

  /** Look-ups cost a disk more than data: read the metadata once, front to back. */
  private static void prefetch(Path metadata) throws IOException {
    try (FileChannel channel = FileChannel.open(metadata)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PREFETCH_BYTES);
      while (channel.read(buffer) >= 0) {
        buffer.clear();
      }
    }
  }

  private static Set<String> superblocks() throws IOException {
    if (!Files.isDirectory(SUPERBLOCKS)) {
      return Set.of();
    }
    try (Stream<Path> names = Files.list(SUPERBLOCKS)) {
      return names.map(name -> name.getFileName().toString()).collect(Collectors.toSet());
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
