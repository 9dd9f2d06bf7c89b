package io.github.ndocker.examples.cli;

import java.util.Locale;

/** Sizes as people write them: {@code 512m}, {@code 8g}; and as they read them. */
public final class ByteSize {
  private ByteSize() {}

  /**
   * Parses a size.
   *
   * @param text digits, and {@code k}, {@code m} or {@code g} for powers of 1,024
   * @return bytes
   * @throws IllegalArgumentException if it is no size
   */
  public static long parse(String text) {
    String digits = text.toLowerCase(Locale.ROOT);
    int shift = 0;
    if (!digits.isEmpty()) {
      shift =
          switch (digits.charAt(digits.length() - 1)) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
          };
    }
    if (shift > 0) {
      digits = digits.substring(0, digits.length() - 1);
    }
    if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Character::isDigit)) {
      throw new IllegalArgumentException(
          "not a size: '" + text + "'; write for example 512m or 8g");
    }
    return Long.parseLong(digits) << shift;
  }

  /**
   * A size in megabytes of a million bytes, as storage media are sold.
   *
   * @param bytes the size
   * @return such as {@code 24.8 MB}
   */
  public static String format(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
