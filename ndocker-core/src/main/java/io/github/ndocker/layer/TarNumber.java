package io.github.ndocker.layer;

/** Numbers of a tar header: octal text, or base 256 as GNU tar writes what does not fit. */
final class TarNumber {
  private TarNumber() {}

  static long parse(byte[] block, int offset, int length, String field)
      throws MalformedLayerException {
    return (block[offset] & 0x80) != 0
        ? base256(block, offset, length, field)
        : octal(block, offset, length, field);
  }

  private static long base256(byte[] block, int offset, int length, String field)
      throws MalformedLayerException {
    // the top bit marks the form, the next one is the sign of a two's complement number
    boolean negative = (block[offset] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int octet = block[offset + i] & 0xff;
      if (i == 0) {
        octet = negative ? octet | 0x80 : octet & 0x7f;
      }
      if (value != (value << 8) >> 8) {
        throw bad(field);
      }
      value = (value << 8) | octet;
    }
    return value;
  }

  private static long octal(byte[] block, int offset, int length, String field)
      throws MalformedLayerException {
    int from = offset;
    int to = offset + length;
    while (from < to && (block[from] == ' ' || block[from] == 0)) {
      from++;
    }
    while (to > from && (block[to - 1] == ' ' || block[to - 1] == 0)) {
      to--;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = block[i] - '0';
      if (block[i] == 0) {
        break;
      }
      if (digit < 0 || digit > 7) {
        throw bad(field);
      }
      value = (value << 3) | digit;
    }
    return value;
  }

  private static MalformedLayerException bad(String field) {
    return new MalformedLayerException("the field '" + field + "' of a tar header is no number");
  }
}
