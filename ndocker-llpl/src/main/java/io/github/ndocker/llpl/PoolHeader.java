package io.github.ndocker.llpl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The root object of a pool's heap. It never changes.
 *
 * <pre>
 *  0 magic (8 bytes), 8 version, 12 its complement, 16 ID of the pool, 20 arenas  (4 bytes each)
 * 24 size of the pool file, 32 handle of the directory    (8 bytes each)
 * 40 handles of the arenas                                (8 bytes each)
 * 4092 checksum, CRC32C of all before                     (4 bytes)
 * </pre>
 *
 * <p>Little-endian. Magic and version stay where they are in every version.
 *
 * @param id random, different from those of the other pools of the tier
 * @param fileBytes size of the pool file
 * @param directory handle of the block of slots
 * @param arenas handles of the arenas, as many as the header has room for at most
 */
record PoolHeader(int id, long fileBytes, long directory, List<Long> arenas) {
  static final int BYTES = 4096;
  static final int MOST_ARENAS = 500;

  private static final long MAGIC = 0x4c4f4f504b434f44L; // "DOCKPOOL"
  private static final int VERSION = 2;
  private static final int CHECKSUM = BYTES - Integer.BYTES;

  PoolHeader {
    arenas = List.copyOf(arenas);
    if (arenas.size() > MOST_ARENAS) {
      throw new IllegalArgumentException(arenas.size() + " arenas");
    }
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(~VERSION).putInt(id).putInt(arenas.size());
    bytes.putLong(fileBytes).putLong(directory);
    arenas.forEach(bytes::putLong);
    return bytes.putInt(CHECKSUM, checksum(bytes)).array();
  }

  /**
   * Reads a header.
   *
   * @param pool the file it is from
   * @throws UnsupportedPoolException if a later version wrote it
   * @throws DamagedPoolException if it is none
   */
  static PoolHeader decode(Path pool, byte[] header) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getLong(0) != MAGIC) {
      throw new DamagedPoolException(pool, "its root is not the header of a pool");
    }
    int version = bytes.getInt(8);
    if (version > VERSION && bytes.getInt(12) == ~version) {
      throw new UnsupportedPoolException(
          pool, "is a pool of format " + version + "; this version knows format " + VERSION);
    }
    int arenas = bytes.getInt(20);
    if (version != VERSION
        || bytes.getInt(CHECKSUM) != checksum(bytes)
        || arenas < 0
        || arenas > MOST_ARENAS) {
      throw new DamagedPoolException(pool, "the checksum of its header is wrong");
    }
    List<Long> handles = new ArrayList<>();
    for (int i = 0; i < arenas; i++) {
      handles.add(bytes.getLong(40 + i * Long.BYTES));
    }
    return new PoolHeader(bytes.getInt(16), bytes.getLong(24), bytes.getLong(32), handles);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate().position(0).limit(CHECKSUM));
    return (int) checksum.getValue();
  }
}
