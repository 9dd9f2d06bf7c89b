package io.github.ndocker.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "3k, 3072",
    "512m, 536870912",
    "8g, 8589934592",
    "8G, 8589934592",
    "999999999g, 1073741822926258176"
  })
  void parsesPowersOf1024(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g", "1t", "-1", "1.5g", "1 g", "9999999999", "1gb", "0x10"})
  void refusesWhatIsNoSize(String text) {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
    assertTrue(failure.getMessage().contains("'" + text + "'"), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0 MB", "24800000, 24.8 MB", "1073741824, 1073.7 MB"})
  void formatsMegabytesOfAMillion(long bytes, String text) {
    assertEquals(text, ByteSize.format(bytes));
  }
}
