package io.github.ndocker.faults;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.Path;

/** Turns a mounted file system off as a power cut does: what is in memory only is gone. */
final class PowerSwitch {
  /** FS_IOC_SHUTDOWN, {@code _IOR('X', 125, __u32)} of {@code include/uapi/linux/fs.h}. */
  private static final long SHUTDOWN = 0x8004587dL;

  /** FS_SHUTDOWN_FLAGS_NOLOGFLUSH: not even the journal is written any more. */
  private static final int WITHOUT_FLUSH = 2;

  static {
    Native.register(PowerSwitch.class, NativeLibrary.getInstance("c"));
  }

  private PowerSwitch() {}

  private static native int open(String path, int flags);

  private static native int close(int descriptor);

  private static native int ioctl(int descriptor, long request, IntByReference argument);

  /** Turns it off. It has to be unmounted and mounted again before anything can be done with it. */
  static void cut(Path mountPoint) throws IOException {
    int descriptor = open(mountPoint.toString(), 0);
    if (descriptor < 0) {
      throw new IOException("cannot open " + mountPoint + ": errno " + Native.getLastError());
    }
    int result = ioctl(descriptor, SHUTDOWN, new IntByReference(WITHOUT_FLUSH));
    int errno = Native.getLastError();
    close(descriptor);
    if (result != 0) {
      throw new IOException("cannot shut down " + mountPoint + ": errno " + errno);
    }
  }
}
