package io.github.ndocker.layer;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The records of one PAX extended header ("length key=value\n", POSIX.1-2017, pax). Values are
 * bytes. An empty value means that the header's own field counts.
 */
final class PaxRecords {
  /** No records. */
  static final PaxRecords NONE = new PaxRecords(LayerLimits.DEFAULT);

  /** What the numbers of the formats 0.0 and 0.1 are kept under. */
  static final String SPARSE_MAP = "GNU.sparse.map";

  private static final ByteString XATTR = ByteString.utf8("SCHILY.xattr.");
  private static final ByteString LIBARCHIVE_XATTR = ByteString.utf8("LIBARCHIVE.xattr.");

  /** Overlayfs takes these for its own; a layer must not speak to it. */
  private static final ByteString OVERLAY_XATTR = ByteString.utf8("trusted.overlay.");

  /** XATTR_NAME_MAX of Linux. */
  private static final int MAX_XATTR_NAME = 255;

  private static final ByteString SPARSE_OFFSET = ByteString.utf8("GNU.sparse.offset");
  private static final ByteString SPARSE_LENGTH = ByteString.utf8("GNU.sparse.numbytes");

  private final SortedMap<String, ByteString> values = new TreeMap<>();
  private final SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();
  private final LayerLimits limits;
  private final ByteArrayOutputStream sparsePairs = new ByteArrayOutputStream();
  private int sparseNumbers;
  private long xattrBytes;

  private PaxRecords(LayerLimits limits) {
    this.limits = limits;
  }

  /** The time of modification: whole seconds, rounded down, and nanoseconds after them. */
  record Time(long seconds, int nanos) {}

  static PaxRecords parse(byte[] body, LayerLimits limits) throws MalformedLayerException {
    PaxRecords records = new PaxRecords(limits);
    for (int from = 0; from < body.length; ) {
      from = records.parseRecord(body, from);
    }
    if (records.sparseNumbers > 0) {
      records.values.put(SPARSE_MAP, ByteString.wrap(records.sparsePairs.toByteArray()));
    }
    return records;
  }

  private int parseRecord(byte[] body, int from) throws MalformedLayerException {
    int at = from;
    int length = 0;
    while (at < body.length && body[at] >= '0' && body[at] <= '9' && length <= body.length) {
      length = length * 10 + (body[at++] - '0');
    }
    int end = from + length;
    if (at == from || at == body.length || body[at] != ' ' || end <= at + 1 || end > body.length) {
      throw new MalformedLayerException("a PAX record with a wrong length");
    }
    int equals = ++at;
    while (equals < end && body[equals] != '=') {
      equals++;
    }
    if (body[end - 1] != '\n' || equals >= end - 1 || equals == at) {
      throw new MalformedLayerException("a PAX record that is not key=value and a line end");
    }
    put(ByteString.of(body, at, equals), ByteString.of(body, equals + 1, end - 1));
    return end;
  }

  private void put(ByteString key, ByteString value) throws MalformedLayerException {
    if (key.indexOf((byte) 0, 0) < key.length()) {
      throw new MalformedLayerException("a PAX record whose key has a NUL in it");
    }
    if (key.startsWith(XATTR)) {
      putXattr(key.slice(XATTR.length(), key.length()), value, true);
    } else if (key.startsWith(LIBARCHIVE_XATTR)) {
      // libarchive writes both forms; the plain one counts
      ByteString name = percentDecoded(key.slice(LIBARCHIVE_XATTR.length(), key.length()));
      putXattr(name, base64(value), false);
    } else if (key.equals(SPARSE_OFFSET) || key.equals(SPARSE_LENGTH)) {
      putSparse(key.equals(SPARSE_OFFSET), value);
    } else {
      values.put(key.toString(), value);
    }
  }

  private void putXattr(ByteString name, ByteString value, boolean counts)
      throws MalformedLayerException {
    if (name.isEmpty() || name.length() > MAX_XATTR_NAME) {
      throw new MalformedLayerException(
          "an extended attribute with a name of " + name.length() + " bytes");
    }
    xattrBytes += name.length() + (long) value.length();
    limits.check(LayerLimit.XATTR_BYTES, xattrBytes);
    if (name.startsWith(OVERLAY_XATTR)) {
      return;
    }
    if (counts) {
      xattrs.put(name, value);
    } else {
      xattrs.putIfAbsent(name, value);
    }
  }

  /** Format 0.0 repeats its keys; together they are the map of format 0.1. */
  private void putSparse(boolean offset, ByteString value) throws MalformedLayerException {
    if (offset != (sparseNumbers % 2 == 0)) {
      throw new MalformedLayerException("the records of a sparse file are not in pairs");
    }
    limits.check(LayerLimit.SPARSE_EXTENTS, sparseNumbers++ / 2 + 1L);
    long unused = number("GNU.sparse", value);
    if (sparsePairs.size() > 0) {
      sparsePairs.write(',');
    }
    sparsePairs.writeBytes(value.toByteArray());
  }

  Optional<ByteString> text(String key) throws MalformedLayerException {
    ByteString value = values.getOrDefault(key, ByteString.EMPTY);
    if (value.indexOf((byte) 0, 0) < value.length()) {
      throw new MalformedLayerException("the PAX record '" + key + "' has a NUL in it");
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  OptionalLong number(String key) throws MalformedLayerException {
    Optional<ByteString> value = text(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(number(key, value.get()));
  }

  static long number(String key, ByteString value) throws MalformedLayerException {
    String text = value.toString();
    try {
      // Java takes digits of all scripts
      if (text.codePoints().allMatch(digit -> digit < 0x80)) {
        return Long.parseLong(text);
      }
      throw new NumberFormatException("not ASCII");
    } catch (NumberFormatException e) {
      throw new MalformedLayerException(
          "the PAX record '" + key + "' is no number: " + abbreviate(text), e);
    }
  }

  Optional<Time> time(String key) throws MalformedLayerException {
    Optional<ByteString> value = text(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = value.get().toString();
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String fraction = point < 0 ? "" : text.substring(point + 1);
    try {
      long seconds = number(key, ByteString.utf8(whole));
      StringBuilder digits = new StringBuilder(9);
      for (int i = 0; i < fraction.length(); i++) {
        char digit = fraction.charAt(i);
        if (digit < '0' || digit > '9') {
          throw new NumberFormatException("a fraction with '" + digit + "'");
        }
        if (i < 9) {
          digits.append(digit);
        }
      }
      int nanos = Integer.parseInt(digits.append("0".repeat(9 - digits.length())).toString());
      if (text.startsWith("-") && nanos > 0) {
        // -1.25 is a quarter before the second -1
        return Optional.of(new Time(Math.subtractExact(seconds, 1), 1_000_000_000 - nanos));
      }
      return Optional.of(new Time(seconds, nanos));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new MalformedLayerException(
          "the PAX record '" + key + "' is no time: " + abbreviate(text), e);
    }
  }

  SortedMap<ByteString, ByteString> xattrs() {
    return xattrs;
  }

  private static ByteString percentDecoded(ByteString text) throws MalformedLayerException {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      int octet = text.at(i);
      if (octet == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.at(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.at(i + 2), 16) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
          throw new MalformedLayerException("a LIBARCHIVE.xattr name with a broken escape");
        }
        octet = high * 16 + low;
        i += 2;
      }
      decoded.write(octet);
    }
    return ByteString.wrap(decoded.toByteArray());
  }

  private static ByteString base64(ByteString value) throws MalformedLayerException {
    try {
      return ByteString.wrap(Base64.getDecoder().decode(value.toByteArray()));
    } catch (IllegalArgumentException e) {
      throw new MalformedLayerException("a LIBARCHIVE.xattr value that is not base64", e);
    }
  }

  private static String abbreviate(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
