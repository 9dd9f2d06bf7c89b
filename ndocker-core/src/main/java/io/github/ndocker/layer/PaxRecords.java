package io.github.ndocker.layer;

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
  static final PaxRecords NONE = new PaxRecords();

  private static final String XATTR = "SCHILY.xattr.";
  private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";

  private final SortedMap<String, ByteString> values = new TreeMap<>();
  private final SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();

  /** The time of modification: whole seconds, rounded down, and nanoseconds after them. */
  record Time(long seconds, int nanos) {}

  static PaxRecords parse(byte[] body) throws MalformedLayerException {
    PaxRecords records = new PaxRecords();
    for (int from = 0; from < body.length; ) {
      from = records.parseRecord(body, from);
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
    String text = key.toString();
    if (key.indexOf((byte) 0, 0) < key.length()) {
      throw new MalformedLayerException("a PAX record whose key has a NUL in it");
    }
    if (text.startsWith("GNU.sparse.")) {
      throw new MalformedLayerException(
          "a sparse file (" + text + "); pack the image without sparse files");
    }
    if (text.startsWith(XATTR)) {
      xattrs.put(key.slice(XATTR.length(), key.length()), value);
    } else if (text.startsWith(LIBARCHIVE_XATTR)) {
      // libarchive writes both forms; the plain one counts
      xattrs.putIfAbsent(
          ByteString.utf8(percentDecoded(text.substring(LIBARCHIVE_XATTR.length()))),
          base64(value));
    } else {
      values.put(text, value);
    }
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
    try {
      return OptionalLong.of(Long.parseLong(value.get().toString()));
    } catch (NumberFormatException e) {
      throw new MalformedLayerException(
          "the PAX record '" + key + "' is no number: " + abbreviate(value.get().toString()), e);
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
      long seconds = Long.parseLong(whole);
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

  private static String percentDecoded(String text) throws MalformedLayerException {
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char octet = text.charAt(i);
      if (octet == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
          throw new MalformedLayerException("a LIBARCHIVE.xattr name with a broken escape");
        }
        octet = (char) (high * 16 + low);
        i += 2;
      }
      decoded.append(octet);
    }
    return decoded.toString();
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
