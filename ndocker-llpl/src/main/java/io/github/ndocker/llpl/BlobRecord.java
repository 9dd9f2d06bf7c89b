package io.github.ndocker.llpl;

import io.github.ndocker.api.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What the directory of a pool says about one extent of a blob.
 *
 * <pre>
 *  0 checksum, CRC32C of the number of the slot and of all that follows
 *  4 part, 8 parts, 12 pages, 16 pool, 20 first page     (4 bytes each)
 * 24 length of the blob                                  (8 bytes)
 * 32 SHA-256                                             (32 bytes)
 * </pre>
 *
 * <p>Little-endian. A slot of zeros is free.
 *
 * @param name of the blob
 * @param length of the whole blob in bytes
 * @param part which extent this is, from 0
 * @param parts how many extents the blob has; an empty one has one of no pages
 * @param pool ID of the pool that the extent is in, not always the one of the directory
 * @param firstPage where in that pool file, in pages
 * @param pages how many
 */
record BlobRecord(
    Digest name, long length, int part, int parts, int pool, long firstPage, int pages) {
  /** Of a record in a directory. */
  static final int BYTES = 64;

  private static final int DIGEST_BYTES = 32;

  BlobRecord {
    if (!isConsistent(length, part, parts, pages)) {
      throw new IllegalArgumentException(
          "part " + part + " of " + parts + ", " + pages + " pages of " + length + " bytes");
    }
  }

  /** The bytes of the record for this slot. */
  byte[] encode(int slot) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0).putInt(part).putInt(parts).putInt(pages).putInt(pool);
    bytes.putInt((int) firstPage).putLong(length).put(HexFormat.of().parseHex(name.hex()));
    return bytes.putInt(0, checksum(slot, bytes)).array();
  }

  /** Reads a record, or nothing if these are not the bytes of one of this slot. */
  static Optional<BlobRecord> decode(int slot, byte[] record) {
    ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != checksum(slot, bytes)
        || !isConsistent(bytes.getLong(24), bytes.getInt(4), bytes.getInt(8), bytes.getInt(12))) {
      return Optional.empty();
    }
    return Optional.of(
        new BlobRecord(
            Digest.sha256(Arrays.copyOfRange(record, BYTES - DIGEST_BYTES, BYTES)),
            bytes.getLong(24),
            bytes.getInt(4),
            bytes.getInt(8),
            bytes.getInt(16),
            Integer.toUnsignedLong(bytes.getInt(20)),
            bytes.getInt(12)));
  }

  BlobRecord renamed(Digest other) {
    return new BlobRecord(other, length, part, parts, pool, firstPage, pages);
  }

  private static boolean isConsistent(long length, int part, int parts, int pages) {
    return length >= 0 && part >= 0 && part < parts && pages >= 0;
  }

  private static int checksum(int slot, ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(slot).flip());
    checksum.update(bytes.duplicate().position(Integer.BYTES).limit(BYTES));
    return (int) checksum.getValue();
  }
}
