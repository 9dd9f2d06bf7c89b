package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ndocker.api.Digest;
import java.util.HexFormat;

/**
 * What the documents of records are called on their tier: a mark, and half of their SHA-256 digest.
 * No digest of anything begins with the mark, so no layer of an image can pass for a record.
 */
final class RecordKey {
  private static final byte[] MARK = "ndocker record/1".getBytes(US_ASCII);
  private static final String MARK_HEX = HexFormat.of().formatHex(MARK);

  private RecordKey() {}

  static boolean isRecordKey(Digest key) {
    return key.algorithm().equals("sha256") && key.hex().startsWith(MARK_HEX);
  }

  static Digest of(byte[] sha256) {
    byte[] key = sha256.clone();
    System.arraycopy(MARK, 0, key, 0, MARK.length);
    System.arraycopy(sha256, 0, key, MARK.length, key.length - MARK.length);
    return Digest.sha256(key);
  }

  /** What bytes of this hash are called, if they are of the kind that has such a name. */
  static Digest expected(Digest name, byte[] sha256) {
    return isRecordKey(name) ? of(sha256) : Digest.sha256(sha256);
  }
}
