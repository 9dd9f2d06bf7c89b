package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A blob that lies in pieces on both tiers. What of it is on one tier lies there in one piece,
 * under a key that stands for nothing else. Immutable.
 *
 * @param blob its digest
 * @param slowPart key of its bytes on the slow tier
 * @param fastPart key of its bytes on the fast tier
 * @param runs which bytes are where, from the first to the last; none while it is being committed
 *     or deleted
 */
record SplitBlob(Digest blob, Digest slowPart, Digest fastPart, List<Run> runs) {
  /** 128 bits, as unlikely to be met by chance as the digest of another blob. */
  private static final byte[] PART_MARK = "ndocker split/01".getBytes(StandardCharsets.US_ASCII);

  private static final String PART_MARK_HEX = HexFormat.of().formatHex(PART_MARK);

  SplitBlob {
    runs = List.copyOf(runs);
    if (slowPart.equals(fastPart)) {
      throw new IllegalArgumentException("one key for both parts of " + blob);
    }
  }

  /**
   * Bytes that follow one another on one tier.
   *
   * @param tier the tier
   * @param length how many, at least 1
   */
  record Run(Tier tier, long length) {
    Run {
      if (length < 1) {
        throw new IllegalArgumentException("a run of " + length + " bytes");
      }
    }

    /** A letter for the tier and the length. */
    private static Run parse(String text) {
      Tier tier =
          switch (text.isEmpty() ? ' ' : text.charAt(0)) {
            case 's' -> Tier.SLOW;
            case 'f' -> Tier.FAST;
            default -> throw new IllegalArgumentException("'" + text + "' is no run of bytes");
          };
      return new Run(tier, Long.parseLong(text.substring(1)));
    }

    @Override
    public String toString() {
      return tier.toString().toLowerCase(Locale.ROOT).charAt(0) + Long.toString(length);
    }
  }

  /** A key that nothing else has, and that says even without the catalogue what it is. */
  static Digest newPartKey(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    System.arraycopy(PART_MARK, 0, key, 0, PART_MARK.length);
    return Digest.sha256(key);
  }

  /** No digest of anything begins like the key of a part. */
  static boolean isPartKey(Digest key) {
    return key.algorithm().equals("sha256") && key.hex().startsWith(PART_MARK_HEX);
  }

  List<StoredCopy> copies() {
    return List.of(
        new StoredCopy(blob, Tier.SLOW, slowPart), new StoredCopy(blob, Tier.FAST, fastPart));
  }

  SplitBlob withRuns(List<Run> others) {
    return new SplitBlob(blob, slowPart, fastPart, others);
  }

  /** Bytes that a tier must hold of it. */
  long bytesOn(Tier tier) {
    return runs.stream().filter(run -> run.tier() == tier).mapToLong(Run::length).sum();
  }

  /** As in {@code s1048576 f4096}. */
  String runsText() {
    return String.join(" ", runs.stream().map(Run::toString).toList());
  }

  static List<Run> parseRuns(String text) {
    List<Run> runs = new ArrayList<>();
    for (String run : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      runs.add(Run.parse(run));
    }
    return runs;
  }
}
