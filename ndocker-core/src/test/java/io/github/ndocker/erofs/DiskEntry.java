package io.github.ndocker.erofs;

import com.sun.jna.Library;
import com.sun.jna.Native;
import io.github.ndocker.layer.TreeEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file of this machine, also one whose name is no text. */
record DiskEntry(Path path) implements TreeEntry {
  private static final int MOST_XATTR_BYTES = 1 << 16;
  private static final int LONGEST_TARGET = 4096;

  /** The calls Java has no name for, or none for bytes. */
  private interface Calls extends Library {
    Calls C = Native.load("c", Calls.class);

    long llistxattr(byte[] path, byte[] list, long size);

    long lgetxattr(byte[] path, byte[] name, byte[] value, long size);

    long readlink(byte[] path, byte[] target, long size);
  }

  @Override
  public Attributes attributes() throws IOException {
    Map<String, Object> found = stat("mode,uid,gid,rdev,nlink,size,lastModifiedTime");
    Instant modified = ((FileTime) found.get("lastModifiedTime")).toInstant();
    return new Attributes(
        (int) found.get("mode"),
        Integer.toUnsignedLong((int) found.get("uid")),
        Integer.toUnsignedLong((int) found.get("gid")),
        (long) found.get("rdev"),
        (int) found.get("nlink"),
        (long) found.get("size"),
        modified.getEpochSecond(),
        modified.getNano());
  }

  @Override
  public Object identity() throws IOException {
    return stat("ino").get("ino");
  }

  private Map<String, Object> stat(String names) throws IOException {
    return Files.readAttributes(path, "unix:" + names, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Map<String, String> xattrs() throws IOException {
    byte[] name = zeroTerminated();
    byte[] list = new byte[MOST_XATTR_BYTES];
    long size = Calls.C.llistxattr(name, list, list.length);
    if (size < 0) {
      throw new IOException("cannot list the extended attributes of " + path);
    }
    Map<String, String> xattrs = new TreeMap<>();
    int from = 0;
    for (int to = 0; to < size; to++) {
      if (list[to] == 0) {
        byte[] key = Arrays.copyOfRange(list, from, to + 1);
        byte[] value = new byte[MOST_XATTR_BYTES];
        long length = Calls.C.lgetxattr(name, key, value, value.length);
        xattrs.put(
            new String(key, 0, to - from, StandardCharsets.ISO_8859_1),
            length < 0
                ? "unreadable"
                : new String(value, 0, (int) length, StandardCharsets.ISO_8859_1));
        from = to + 1;
      }
    }
    return xattrs;
  }

  @Override
  public String target() throws IOException {
    byte[] target = new byte[LONGEST_TARGET];
    long length = Calls.C.readlink(zeroTerminated(), target, target.length);
    if (length < 0) {
      throw new IOException("cannot read the link " + path);
    }
    return new String(target, 0, (int) length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public SortedMap<String, TreeEntry> children() throws IOException {
    SortedMap<String, TreeEntry> children = new TreeMap<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      for (Path child : stream) {
        String whole = latin(child);
        children.put(whole.substring(whole.lastIndexOf('/') + 1), new DiskEntry(child));
      }
    }
    return children;
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(path);
  }

  private byte[] zeroTerminated() {
    return (latin(path) + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The bytes of a path, without the slash that marks directories. */
  private static String latin(Path path) {
    String encoded = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char octet = encoded.charAt(i);
      if (octet == '%') {
        bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(octet);
      }
    }
    String latin = bytes.toString(StandardCharsets.ISO_8859_1);
    return latin.length() > 1 && latin.endsWith("/")
        ? latin.substring(0, latin.length() - 1)
        : latin;
  }
}
