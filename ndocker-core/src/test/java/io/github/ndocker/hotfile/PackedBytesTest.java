package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedBytesTest {
  private static final DiffId LAYER = new DiffId(Digest.sha256(new byte[32]));
  private static final int BYTES = 2_000;

  @Test
  void saysOfEveryByteWhetherItIsPacked() {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      BitSet packed = new BitSet();
      List<List<PackedRange>> packs = List.of(new ArrayList<>(), new ArrayList<>());
      long place = 0;
      for (int at = random.nextInt(50); at < BYTES; at += random.nextInt(3) * random.nextInt(90)) {
        int length = 1 + random.nextInt(100);
        packs
            .get(random.nextInt(2))
            .add(new PackedRange(LAYER, at, length, place++ * HotPackLayout.ALIGNMENT));
        packed.set(at, at + length);
        at += length;
      }
      PackedBytes bytes = new PackedBytes(packs.stream().map(HotPackLayout::new).toList());
      int from = random.nextInt(BYTES);
      int to = from + 1 + random.nextInt(BYTES - from);
      BitSet missing = new BitSet();
      long end = -1;
      for (PackedBytes.Part part : bytes.missingOf(new PackedBytes.Part(LAYER, from, to))) {
        assertEquals(true, part.from() > end && part.to() > part.from(), "-Dndocker.seed=" + seed);
        missing.set((int) part.from(), (int) part.to());
        end = part.to();
      }
      BitSet expected = new BitSet();
      expected.set(from, to);
      expected.andNot(packed);
      assertEquals(expected, missing, "-Dndocker.seed=" + seed);
    }
  }

  @Test
  void nothingOfAnotherLayerIsPacked() {
    PackedBytes none = new PackedBytes(List.of());
    PackedBytes.Part wanted = new PackedBytes.Part(LAYER, 3, 9);
    assertEquals(List.of(wanted), none.missingOf(wanted));
  }
}
