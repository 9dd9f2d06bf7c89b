package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.Inode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An extended attribute as EROFS keeps it.
 *
 * @param prefix the number of what its name begins with
 * @param rest of the name
 * @param value its value
 */
record XattrEntry(int prefix, ByteString rest, ByteString value) {
  private static final int HEADER = 4;
  private static final int MAX_NAME = 255;
  private static final int MAX_VALUE = 0xffff;

  /** Overlayfs reads these from its lower layers; an image must not speak to it. */
  private static final ByteString OVERLAY = ByteString.utf8("trusted.overlay.");

  /** The prefixes that EROFS has numbers for. */
  private record Prefix(int number, ByteString text, boolean whole) {
    static final List<Prefix> ALL =
        List.of(
            new Prefix(1, ByteString.utf8("user."), false),
            new Prefix(2, ByteString.utf8("system.posix_acl_access"), true),
            new Prefix(3, ByteString.utf8("system.posix_acl_default"), true),
            new Prefix(4, ByteString.utf8("trusted."), false),
            new Prefix(6, ByteString.utf8("security."), false));

    boolean fits(ByteString name) {
      return whole ? name.equals(text) : name.startsWith(text) && name.length() > text.length();
    }
  }

  /**
   * Those of an inode. Names that Linux does not know, and those that overlayfs would take for its
   * own, are left out.
   *
   * @throws ErofsLimitException if one is too long
   */
  static List<XattrEntry> of(Inode inode) throws ErofsLimitException {
    if (inode.xattrs().isEmpty()) {
      return List.of();
    }
    List<XattrEntry> entries = new ArrayList<>();
    for (Map.Entry<ByteString, ByteString> xattr : inode.xattrs().entrySet()) {
      ByteString name = xattr.getKey();
      Optional<Prefix> prefix = prefixOf(name);
      if (prefix.isPresent()) {
        requireShort(name, xattr.getValue());
        ByteString rest = name.slice(prefix.get().text.length(), name.length());
        entries.add(new XattrEntry(prefix.get().number, rest, xattr.getValue()));
      }
    }
    return entries;
  }

  private static Optional<Prefix> prefixOf(ByteString name) {
    return name.startsWith(OVERLAY)
        ? Optional.empty()
        : Prefix.ALL.stream().filter(prefix -> prefix.fits(name)).findFirst();
  }

  private static void requireShort(ByteString name, ByteString value) throws ErofsLimitException {
    if (name.length() > MAX_NAME || value.length() > MAX_VALUE) {
      throw new ErofsLimitException(
          "an extended attribute with a name of "
              + name.length()
              + " and a value of "
              + value.length()
              + " bytes; at most "
              + MAX_NAME
              + " and "
              + MAX_VALUE
              + " fit");
    }
  }

  /** What a number stands for at the beginning of a name. */
  static Optional<ByteString> prefixText(int number) {
    return Prefix.ALL.stream()
        .filter(prefix -> prefix.number == number)
        .map(Prefix::text)
        .findFirst();
  }

  /** Bytes it takes, a multiple of 4. */
  int size() {
    return (HEADER + rest.length() + value.length() + 3) & ~3;
  }

  /** Puts it at the position of a little-endian buffer that holds zeros. */
  void putInto(ByteBuffer target) {
    int end = target.position() + size();
    target.put((byte) rest.length());
    target.put((byte) prefix);
    target.putShort((short) value.length());
    rest.putInto(target);
    value.putInto(target);
    target.position(end);
  }
}
