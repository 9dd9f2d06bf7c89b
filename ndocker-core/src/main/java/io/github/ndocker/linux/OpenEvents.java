package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The opens and execs of regular files on one file system, by every process, in every mount and PID
 * namespace: {@code fanotify(7)} with {@code FAN_MARK_FILESYSTEM}. For one thread.
 *
 * <p>Look-ups ({@code stat}, {@code readlink}, {@code access}) are not seen, and what of an opened
 * file is read is not either.
 */
public final class OpenEvents implements Closeable {
  private static final int SEEK_END = 2;
  private static final int FAN_CLOEXEC = 0x1;
  private static final int FAN_NONBLOCK = 0x2;
  private static final int FAN_UNLIMITED_QUEUE = 0x10;
  private static final int FAN_MARK_ADD = 0x1;
  private static final int FAN_MARK_FILESYSTEM = 0x100;
  private static final long FAN_OPEN = 0x20;
  private static final long FAN_OPEN_EXEC = 0x1000;
  private static final long FAN_Q_OVERFLOW = 0x4000;
  private static final int O_LARGEFILE = 0x8000;
  private static final int METADATA_VERSION = 3;
  private static final short POLLIN = 1;

  private final Descriptor group;
  private final byte[] buffer = new byte[64 * 1024];
  private boolean overflowed;

  /**
   * Begins to watch.
   *
   * @param mountPoint a directory of the file system
   * @param bounded whether the kernel may keep no more events than {@code
   *     /proc/sys/fs/fanotify/max_queued_events} until they are taken, and drop the rest, rather
   *     than as many as come
   * @throws SystemCallException if the kernel refuses; it asks for CAP_SYS_ADMIN
   */
  public OpenEvents(Path mountPoint, boolean bounded) throws SystemCallException {
    int queue = bounded ? 0 : FAN_UNLIMITED_QUEUE;
    group =
        new Descriptor(
            LibC.check(
                "fanotify_init",
                LibC.fanotify_init(
                    FAN_CLOEXEC | FAN_NONBLOCK | queue,
                    LibC.O_RDONLY | LibC.O_CLOEXEC | O_LARGEFILE)));
    try {
      LibC.check(
          "fanotify_mark " + mountPoint,
          LibC.fanotify_mark(
              group.number(),
              FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
              FAN_OPEN | FAN_OPEN_EXEC,
              LibC.AT_FDCWD,
              mountPoint.toString()));
    } catch (SystemCallException e) {
      group.close();
      throw e;
    }
  }

  /**
   * Waits for events and hands them on, in their order: at most a buffer full, so that a process
   * that never stops opening files cannot keep the caller here.
   *
   * @param timeoutMillis how long to wait for the first one; 0 to take only what is there
   * @param opened receives each
   * @return the number of events taken
   * @throws IOException if the kernel fails
   */
  public int take(int timeoutMillis, Consumer<OpenEvent> opened) throws IOException {
    if (!isReadable(timeoutMillis)) {
      return 0;
    }
    long length = LibC.read(group.number(), buffer, buffer.length);
    if (length == -1) {
      int errno = com.sun.jna.Native.getLastError();
      if (errno == SystemCallException.EAGAIN || errno == SystemCallException.EINTR) {
        return 0;
      }
      throw new SystemCallException("read fanotify", errno);
    }
    return decode(ByteBuffer.wrap(buffer, 0, (int) length), opened);
  }

  /**
   * Whether events were lost: the kernel dropped them, or a path was too long to be told.
   *
   * @return true from the first loss on
   */
  public boolean overflowed() {
    return overflowed;
  }

  @Override
  public void close() {
    group.close();
  }

  /** Decodes struct fanotify_event_metadata records. */
  private int decode(ByteBuffer events, Consumer<OpenEvent> opened) throws IOException {
    events.order(ByteOrder.nativeOrder());
    int count = 0;
    while (events.hasRemaining()) {
      int start = events.position();
      int eventLength = events.getInt(start);
      if (events.get(start + 4) != METADATA_VERSION) {
        throw new IOException("fanotify metadata version " + events.get(start + 4));
      }
      long mask = events.getLong(start + 8);
      int fd = events.getInt(start + 16);
      overflowed |= (mask & FAN_Q_OVERFLOW) != 0;
      if (fd >= 0) {
        try (Descriptor file = new Descriptor(fd)) {
          boolean exec = (mask & FAN_OPEN_EXEC) != 0;
          int pid = events.getInt(start + 20);
          long size = LibC.lseek(fd, 0, SEEK_END);
          opened.accept(new OpenEvent(Files.readSymbolicLink(file.path()), pid, exec, size));
        } catch (FileSystemException e) {
          // a path longer than a page; the descriptors of the events behind it are still to be
          // closed
          overflowed = true;
        }
      }
      events.position(start + eventLength);
      count++;
    }
    return count;
  }

  private boolean isReadable(int timeoutMillis) throws SystemCallException {
    try (Memory pollfd = new Memory(8)) {
      pollfd.setInt(0, group.number());
      pollfd.setShort(4, POLLIN);
      pollfd.setShort(6, (short) 0);
      int ready = LibC.poll(pollfd, 1, timeoutMillis);
      if (ready == -1) {
        int errno = com.sun.jna.Native.getLastError();
        if (errno == SystemCallException.EINTR) {
          return false;
        }
        throw new SystemCallException("poll fanotify", errno);
      }
      return ready > 0;
    }
  }
}
