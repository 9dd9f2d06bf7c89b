package io.github.ndocker.evaluation.report;

import java.util.Locale;

/** How reports spell numbers: three figures or so, whatever the locale. */
final class Numbers {
  private Numbers() {}

  static String seconds(double seconds) {
    return threeFigures(seconds, 3);
  }

  /** A median with what it lies between. */
  static String seconds(Sample sample) {
    return "%s (%s–%s)"
        .formatted(seconds(sample.median()), seconds(sample.min()), seconds(sample.max()));
  }

  static String times(double ratio) {
    return threeFigures(ratio, ratio < 0.1 ? 3 : 2) + "×";
  }

  /** How much more or less than all of it a ratio is. */
  static String change(double ratio) {
    String percent = format("%+.1f%%", 100 * (ratio - 1));
    return percent.replace('-', '−');
  }

  static String percent(double share) {
    return format("%.1f%%", 100 * share);
  }

  static String megabytes(double bytes) {
    return threeFigures(bytes / 1e6, 1) + " MB";
  }

  static String count(double number) {
    return threeFigures(number, number == Math.rint(number) ? 0 : 1);
  }

  static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static String threeFigures(double number, int mostDecimals) {
    int decimals = number < 1 ? 3 : number < 10 ? 2 : number < 100 ? 1 : 0;
    return format("%." + Math.min(decimals, mostDecimals) + "f", number);
  }
}
