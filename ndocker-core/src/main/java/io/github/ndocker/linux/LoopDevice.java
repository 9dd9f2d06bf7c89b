package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A read-only loop device over a file that the kernel releases by itself after its last user
 * (autoclear): close this once it is mounted, or when mounting failed. Layouts from {@code
 * linux/loop.h}.
 */
public final class LoopDevice implements Closeable {
  private static final long LOOP_CTL_GET_FREE = 0x4C82;
  private static final long LOOP_CONFIGURE = 0x4C0A;
  private static final int CONFIG_BYTES = 304;
  private static final int BLOCK_SIZE_OFFSET = 4;
  private static final int FLAGS_OFFSET = 8 + 52;
  private static final int LO_FLAGS_READ_ONLY = 1;
  private static final int LO_FLAGS_AUTOCLEAR = 4;
  private static final int ATTEMPTS = 32;

  private final Path node;
  private final Descriptor device;

  private LoopDevice(Path node, Descriptor device) {
    this.node = node;
    this.device = device;
  }

  /**
   * Attaches a file to a free loop device.
   *
   * @param file a regular file; not on a file system that cannot be read through the page cache
   * @return the device, to be closed by the caller
   * @throws SystemCallException if there is no free device or the kernel refuses
   */
  public static LoopDevice attach(Path file) throws SystemCallException {
    try (Descriptor control = Descriptor.open(Path.of("/dev/loop-control"), LibC.O_RDWR);
        Descriptor backing = Descriptor.openReadOnly(file);
        Memory config = new Memory(CONFIG_BYTES)) {
      config.clear();
      config.setInt(0, backing.number());
      config.setInt(BLOCK_SIZE_OFFSET, 512);
      config.setInt(FLAGS_OFFSET, LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR);
      for (int attempt = 1; ; attempt++) {
        int number =
            LibC.check("LOOP_CTL_GET_FREE", LibC.ioctl(control.number(), LOOP_CTL_GET_FREE, 0L));
        Path node = Path.of("/dev/loop" + number);
        if (Files.notExists(node)) {
          // a container with a /dev of its own has none of the new ones
          throw new SystemCallException("open " + node, SystemCallException.ENXIO);
        }
        Descriptor device = Descriptor.openReadOnly(node);
        try {
          LibC.check(
              "LOOP_CONFIGURE " + node + " over " + file,
              LibC.ioctl(device.number(), LOOP_CONFIGURE, config));
          return new LoopDevice(node, device);
        } catch (SystemCallException e) {
          device.close();
          // another process took the free device in between
          if (e.errno() != SystemCallException.EBUSY || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    }
  }

  /**
   * The device node.
   *
   * @return such as {@code /dev/loop3}
   */
  public Path node() {
    return node;
  }

  @Override
  public void close() {
    device.close();
  }
}
