package io.github.ndocker.jmh;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import java.util.ArrayList;
import java.util.List;

/** A profile of 330 files and 2,500 ranges: every third file of a {@link SyntheticLayer}. */
final class SyntheticProfile {
  static final int FILES_OF_LAYER = 990;
  static final int FILE_BYTES = 128 << 10;

  private static final int FILES = 330;
  private static final int RANGES = 2_500;
  private static final int PAGE = 4096;

  /** From one range to the next: they neither touch nor end past the file. */
  private static final int STRIDE = 4 * PAGE;

  private SyntheticProfile() {}

  static Profile of(ChainId image) {
    List<HotFile> files = new ArrayList<>();
    for (int file = 0; file < FILES; file++) {
      List<ByteRange> ranges = new ArrayList<>();
      // seven or eight to a file, 2,500 in all
      int count = RANGES / FILES + (file < RANGES % FILES ? 1 : 0);
      for (int range = 0; range < count; range++) {
        ranges.add(new ByteRange((long) range * STRIDE, PAGE * (1L + range % 3)));
      }
      int step = FILES_OF_LAYER / FILES;
      files.add(new HotFile("/" + SyntheticLayer.pathOf(file * step), ranges));
    }
    return Profile.ofOneRun(image, "default", true, files);
  }
}
