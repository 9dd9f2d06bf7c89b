package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.Inode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The extended attributes of one inode as they lie behind it: a header of 12 bytes, then entries
 * aligned to 4.
 */
final class XattrBody {
  static final XattrBody NONE = new XattrBody(Map.of(), 0, 0);

  private static final int HEADER = 12;
  private static final int ENTRY_HEADER = 4;

  /** The count in the inode has 16 bits and counts 4 bytes each. */
  private static final int MAX_SIZE = HEADER + (0xffff - 1) * 4;

  /** Overlayfs reads these from its lower layers; an image must not speak to it. */
  private static final ByteString OVERLAY = ByteString.utf8("trusted.overlay.");

  private final Map<Name, ByteString> entries;
  private final int size;
  private final int dropped;

  private XattrBody(Map<Name, ByteString> entries, int size, int dropped) {
    this.entries = entries;
    this.size = size;
    this.dropped = dropped;
  }

  /** The number of the prefix, and the rest of the name. */
  private record Name(int prefix, ByteString rest) {}

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

  static XattrBody of(Inode inode) throws ErofsLimitException {
    if (inode.xattrs().isEmpty()) {
      return NONE;
    }
    Map<Name, ByteString> entries = new LinkedHashMap<>();
    long size = HEADER;
    int dropped = 0;
    for (Map.Entry<ByteString, ByteString> xattr : inode.xattrs().entrySet()) {
      ByteString name = xattr.getKey();
      ByteString value = xattr.getValue();
      Optional<Prefix> known = prefix(name);
      if (known.isEmpty()) {
        dropped++;
        continue;
      }
      Prefix prefix = known.get();
      if (name.length() > 255 || value.length() > 0xffff) {
        throw new ErofsLimitException(
            "an extended attribute with a name of "
                + name.length()
                + " and a value of "
                + value.length()
                + " bytes; at most 255 and 65535 fit");
      }
      ByteString rest = name.slice(prefix.text.length(), name.length());
      entries.put(new Name(prefix.number, rest), value);
      size += aligned(ENTRY_HEADER + rest.length() + value.length());
    }
    if (size > MAX_SIZE) {
      throw new ErofsLimitException(
          "extended attributes of " + size + " bytes on one file; at most " + MAX_SIZE + " fit");
    }
    return new XattrBody(entries, entries.isEmpty() ? 0 : (int) size, dropped);
  }

  private static Optional<Prefix> prefix(ByteString name) {
    return name.startsWith(OVERLAY)
        ? Optional.empty()
        : Prefix.ALL.stream().filter(prefix -> prefix.fits(name)).findFirst();
  }

  /** What a number stands for at the beginning of a name. */
  static Optional<ByteString> prefixText(int number) {
    return Prefix.ALL.stream()
        .filter(prefix -> prefix.number == number)
        .map(Prefix::text)
        .findFirst();
  }

  /** Bytes behind the inode, a multiple of 4. */
  int size() {
    return size;
  }

  /** What the inode says: the number of 4-byte units behind the header, and one. */
  int count() {
    return size == 0 ? 0 : (size - HEADER) / 4 + 1;
  }

  /** Attributes that are left out. */
  int dropped() {
    return dropped;
  }

  byte[] encode() {
    ByteBuffer body = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    if (size > 0) {
      body.position(HEADER);
      entries.forEach(
          (name, value) -> {
            body.put((byte) name.rest.length());
            body.put((byte) name.prefix);
            body.putShort((short) value.length());
            name.rest.putInto(body);
            value.putInto(body);
            body.position(aligned(body.position()));
          });
    }
    return body.array();
  }

  private static int aligned(int size) {
    return (size + 3) & ~3;
  }
}
