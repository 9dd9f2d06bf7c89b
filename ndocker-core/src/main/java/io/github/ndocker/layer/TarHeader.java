package io.github.ndocker.layer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One 512-byte header block, field by field (POSIX.1-2017, pax, "ustar Interchange Format").
 *
 * @param name path, with the prefix of ustar joined to it
 * @param linkName link target
 * @param typeFlag the type as a character; 0 in old archives
 * @param gnu whether it is of the kind that GNU tar writes
 */
record TarHeader(
    ByteString name,
    ByteString linkName,
    char typeFlag,
    long mode,
    long uid,
    long gid,
    long size,
    long mtime,
    long deviceMajor,
    long deviceMinor,
    boolean gnu) {
  static final int BLOCK = 512;

  private static final int PREFIX = 345;

  private static final byte[] USTAR = "ustar\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GNU = "ustar  \0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STAR_TRAILER = "tar\0".getBytes(StandardCharsets.US_ASCII);

  static TarHeader parse(byte[] block) throws MalformedLayerException {
    checkSum(block);
    boolean ustar = has(block, 257, USTAR);
    boolean gnu = has(block, 257, GNU);
    boolean devices = ustar || gnu;
    ByteString name = text(block, 0, 100);
    if (ustar || (gnu && hasPrefixOfOldGo(block))) {
      // star keeps two times at the end of the prefix
      ByteString prefix = text(block, PREFIX, has(block, 508, STAR_TRAILER) ? 131 : 155);
      name = prefix.isEmpty() ? name : prefix.slash(name);
    }
    return new TarHeader(
        name,
        text(block, 157, 100),
        (char) (block[156] & 0xff),
        TarNumber.parse(block, 100, 8, "mode"),
        TarNumber.parse(block, 108, 8, "uid"),
        TarNumber.parse(block, 116, 8, "gid"),
        TarNumber.parse(block, 124, 12, "size"),
        TarNumber.parse(block, 136, 12, "mtime"),
        devices ? TarNumber.parse(block, 329, 8, "devmajor") : 0,
        devices ? TarNumber.parse(block, 337, 8, "devminor") : 0,
        gnu);
  }

  /**
   * Before version 1.8 Go wrote GNU headers with the prefix of ustar, where GNU tar has two times.
   * Images of that age have them: a prefix is ASCII, and no time.
   */
  private static boolean hasPrefixOfOldGo(byte[] block) {
    for (byte octet : text(block, PREFIX, 155).toByteArray()) {
      if (octet < 0) {
        return false;
      }
    }
    return isNoTime(block, PREFIX) || isNoTime(block, PREFIX + 12);
  }

  private static boolean isNoTime(byte[] block, int offset) {
    try {
      long unused = TarNumber.parse(block, offset, 12, "time");
      return false;
    } catch (MalformedLayerException e) {
      return true;
    }
  }

  private static void checkSum(byte[] block) throws MalformedLayerException {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte octet = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += octet & 0xff;
      signed += octet; // what some old archivers summed up
    }
    long said = TarNumber.parse(block, 148, 8, "checksum");
    if (said != unsigned && said != signed) {
      throw new MalformedLayerException(
          "a tar header says its checksum is " + said + ", it is " + unsigned);
    }
  }

  private static boolean has(byte[] block, int offset, byte[] magic) {
    return Arrays.equals(block, offset, offset + magic.length, magic, 0, magic.length);
  }

  private static ByteString text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return ByteString.of(block, offset, end);
  }
}
