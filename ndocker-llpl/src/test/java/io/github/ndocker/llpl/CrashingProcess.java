package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Another JVM that changes a tier until it is killed, and says what it is about to do and when that
 * is done; or that lists a tier. Arguments: the tier, and a seed or "list".
 */
final class CrashingProcess {
  static final long CAPACITY = 24L << 20;
  private static final int MOST_BLOBS = 25;

  private final LlplTier tier;
  private final Random random;
  private final List<Digest> blobs;

  private CrashingProcess(LlplTier tier, long seed) {
    this.tier = tier;
    this.random = new Random(seed);
    this.blobs = new ArrayList<>(tier.blobs().keySet());
  }

  public static void main(String[] arguments) throws IOException {
    // arenas of 2 MiB and one, so that blobs have several extents
    LlplTier tier = LlplTier.open(Path.of(arguments[0]), CAPACITY, 512);
    if (arguments[1].equals("list")) {
      list(tier);
    } else {
      CrashingProcess process = new CrashingProcess(tier, Long.parseLong(arguments[1]));
      while (true) {
        process.change();
      }
    }
  }

  private static void list(LlplTier tier) throws IOException {
    for (Digest blob : tier.blobs().keySet()) {
      try (BlobReader reader = tier.read(blob)) {
        ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
        reader.read(bytes, 0);
        System.out.println(
            blob.hex()
                + " "
                + bytes.capacity()
                + " "
                + BlobTierContractTest.nameOf(bytes.array()).hex());
      }
    }
    System.out.println("used " + tier.usage().usedBytes());
    tier.close();
  }

  private void change() throws IOException {
    if (blobs.size() >= MOST_BLOBS || (!blobs.isEmpty() && random.nextInt(4) == 0)) {
      Digest blob = blobs.remove(random.nextInt(blobs.size()));
      say("delete " + blob.hex());
      tier.delete(blob);
    } else if (!blobs.isEmpty() && random.nextInt(3) == 0) {
      Digest blob = blobs.remove(random.nextInt(blobs.size()));
      Digest other = BlobTierContractTest.nameOf(Long.toString(random.nextLong()).getBytes(UTF_8));
      say("rename " + blob.hex() + " " + other.hex());
      tier.rename(blob, other);
      blobs.add(other);
    } else {
      int most = random.nextInt(8) == 0 ? 6_000_000 : 300_000;
      byte[] bytes = BlobTierContractTest.bytes(random.nextLong(), random.nextInt(most));
      if (bytes.length > CAPACITY - tier.usage().usedBytes() - PageRange.PAGE) {
        return;
      }
      Digest name = BlobTierContractTest.nameOf(bytes);
      say("write " + name.hex() + " " + bytes.length);
      try (TierWriter writer = tier.write(random.nextBoolean() ? 0 : bytes.length)) {
        writer.write(ByteBuffer.wrap(bytes));
        writer.commit(name);
      }
      blobs.add(name);
    }
    say("done");
  }

  private static void say(String line) {
    // in one piece
    System.out.print(line + "\n");
  }
}
