package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** What the catalogue keeps beside a row, so that a bit that flips in it is noticed. */
final class RowChecksum {
  private RowChecksum() {}

  /** The SHA-256 digest of the fields, each with its length, as hexadecimal digits. */
  static String of(Iterable<String> fields) {
    MessageDigest sha256 = Sha256.start();
    for (String field : fields) {
      byte[] bytes = field.getBytes(UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      sha256.update(bytes);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /**
   * Compares a row with what was kept beside it.
   *
   * @throws IllegalArgumentException if it is another one, which the database reports as damage
   */
  static void require(String kept, String found, String row) {
    if (!found.equals(kept)) {
      throw new IllegalArgumentException("the row of " + row + " does not match its checksum");
    }
  }
}
