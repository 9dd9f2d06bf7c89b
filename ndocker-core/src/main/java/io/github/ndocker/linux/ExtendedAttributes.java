package io.github.ndocker.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.Arrays;

/** Extended attributes of a directory ({@code xattr(7)}). */
public final class ExtendedAttributes {
  /** XATTR_LIST_MAX and XATTR_SIZE_MAX of Linux. */
  private static final int MOST_BYTES = 1 << 16;

  /** What overlayfs keeps its own state in. */
  private static final byte[] OVERLAY = "trusted.overlay.".getBytes(US_ASCII);

  /** The label is a matter of the file system that the copy lies on. */
  private static final byte[] LABEL = "security.selinux\0".getBytes(US_ASCII);

  private ExtendedAttributes() {}

  /**
   * Copies all of a directory's attributes but for its SELinux label and overlayfs's own.
   *
   * @param from a directory
   * @param to another one
   * @throws SystemCallException if one cannot be read or set
   */
  public static void copy(Path from, Path to) throws SystemCallException {
    byte[] source = ended(from);
    byte[] target = ended(to);
    byte[] names = new byte[MOST_BYTES];
    long length = LibC.llistxattr(source, names, names.length);
    if (length == -1) {
      if (Native.getLastError() == SystemCallException.EOPNOTSUPP) {
        return;
      }
      LibC.check("listxattr " + from, length);
    }
    byte[] value = new byte[MOST_BYTES];
    int begin = 0;
    for (int end = 0; end < length; end++) {
      if (names[end] != 0) {
        continue;
      }
      byte[] name = Arrays.copyOfRange(names, begin, end + 1);
      begin = end + 1;
      boolean overlays =
          name.length > OVERLAY.length
              && Arrays.equals(name, 0, OVERLAY.length, OVERLAY, 0, OVERLAY.length);
      if (!overlays && !Arrays.equals(name, LABEL)) {
        int size =
            LibC.check("getxattr " + from, LibC.lgetxattr(source, name, value, value.length));
        LibC.check("setxattr " + to, LibC.lsetxattr(target, name, value, size, 0));
      }
    }
  }

  private static byte[] ended(Path path) {
    byte[] bytes = path.toString().getBytes(UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /**
   * Whether a directory of an overlay's upper layer hides what the layers below have of it.
   *
   * @param directory which; not followed
   * @return true if it does
   */
  public static boolean isOpaque(Path directory) {
    byte[] value = new byte[1];
    byte[] name = "trusted.overlay.opaque\0".getBytes(US_ASCII);
    return LibC.lgetxattr(ended(directory), name, value, value.length) == 1 && value[0] == 'y';
  }
}
