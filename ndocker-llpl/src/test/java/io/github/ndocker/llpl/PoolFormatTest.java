package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolFormatTest {
  private static final Path POOL = Path.of("/pool-1");
  private static final PoolHeader HEADER = new PoolHeader(-7, 1L << 40, 12, List.of(9L, 1L << 33));
  private static final BlobRecord RECORD =
      new BlobRecord(
          BlobTierContractTest.nameOf(new byte[1]), 5_000_000_000L, 2, 3, -7, 0xffff_fff0L, 99);

  @Test
  void headersAndRecordsComeBackAsTheyWere() throws IOException {
    assertEquals(HEADER, PoolHeader.decode(POOL, HEADER.encode()));
    assertEquals(Optional.of(RECORD), BlobRecord.decode(4, RECORD.encode(4)));
  }

  @Test
  void everyFlippedBitOfARecordIsFound() {
    byte[] record = RECORD.encode(4);
    for (int bit = 0; bit < 8 * BlobRecord.BYTES; bit++) {
      record[bit / 8] ^= (byte) (1 << bit % 8);
      assertEquals(Optional.empty(), BlobRecord.decode(4, record), "bit " + bit);
      record[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertEquals(Optional.empty(), BlobRecord.decode(5, record), "the record of another slot");
    assertEquals(Optional.empty(), BlobRecord.decode(4, new byte[BlobRecord.BYTES]));
  }

  @Test
  void everyFlippedBitOfAHeaderIsFound() {
    byte[] header = HEADER.encode();
    for (int bit = 0; bit < 8 * PoolHeader.BYTES; bit += bit < 600 ? 1 : 97) {
      header[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(DamagedPoolException.class, () -> PoolHeader.decode(POOL, header), "bit " + bit);
      header[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void aHeaderOfALaterVersionIsRefused() {
    byte[] header = HEADER.encode();
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 3).putInt(12, ~3);
    UnsupportedPoolException refused =
        assertThrows(UnsupportedPoolException.class, () -> PoolHeader.decode(POOL, header));
    assertEquals(POOL, refused.pool());
    assertTrue(refused.getMessage().contains("format 3"), refused.getMessage());
  }

  @Test
  void aRecordThatCannotBeIsNotMade() {
    for (int[] wrong : new int[][] {{-1, 3, 1}, {3, 3, 1}, {0, 1, -1}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new BlobRecord(RECORD.name(), 1, wrong[0], wrong[1], 0, 0, wrong[2]));
    }
  }
}
