package io.github.ndocker.hotfile;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.FileOrigin;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.api.ProfiledProcess;
import io.github.ndocker.api.ProfiledRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Profiles of anything. */
final class RandomProfiles {
  private static final String NAME = "ab/ \"\\\n\u00e9\u20ac\ud83d\ude00\u0001";

  private RandomProfiles() {}

  /** One of everything, with numbers that tests change. */
  static Profile small() {
    return new Profile(
        new ChainId(digest('a')),
        "default",
        2,
        List.of(),
        List.of(new ProfiledRun(ProfiledRun.End.READY, "printed 'x'", 12)),
        List.of(
            new ProfiledFile(
                "/bin/a",
                Optional.of(new FileOrigin(new DiffId(digest('b')), 512, 10_000, digest('c'))),
                2,
                List.of(new CountedRange(0, 4096, 2), new CountedRange(8192, 1808, 1)))),
        List.of(new ProfiledProcess("/bin/a", -1), new ProfiledProcess("/bin/b", 0)),
        List.of(new ProfiledChange("/x", ProfiledChange.Kind.CREATED)));
  }

  static Digest digest(char digit) {
    return Digest.parse("sha256:" + String.valueOf(digit).repeat(64));
  }

  static Profile of(Random random) {
    int runs = 1 + random.nextInt(random.nextBoolean() ? 4 : Integer.MAX_VALUE - 1);
    List<String> gaps = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      gaps.add(text(random));
    }
    List<ProfiledRun> ends = new ArrayList<>();
    for (int i = random.nextInt(Math.min(runs, 5)); i > 0; i--) {
      ProfiledRun.End[] all = ProfiledRun.End.values();
      ends.add(
          new ProfiledRun(all[random.nextInt(all.length)], text(random), random.nextLong() >>> 1));
    }
    List<ProfiledFile> files = new ArrayList<>();
    for (int i = 0; i < random.nextInt(8); i++) {
      files.add(file(random, "/" + i + text(random), runs));
    }
    List<ProfiledProcess> processes = new ArrayList<>();
    for (int i = 0; i < random.nextInt(5); i++) {
      processes.add(new ProfiledProcess("/" + text(random), random.nextInt(i + 1) - 1));
    }
    TreeMap<String, ProfiledChange> changes = new TreeMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      ProfiledChange.Kind[] all = ProfiledChange.Kind.values();
      String path = "/" + text(random);
      changes.put(path, new ProfiledChange(path, all[random.nextInt(all.length)]));
    }
    return new Profile(
        new ChainId(digest("0123456789abcdef".charAt(random.nextInt(16)))),
        "w" + text(random),
        runs,
        gaps,
        ends,
        files,
        processes,
        List.copyOf(changes.values()));
  }

  private static ProfiledFile file(Random random, String path, int runs) {
    int opened = 1 + random.nextInt(runs);
    List<CountedRange> ranges = new ArrayList<>();
    long at = random.nextInt(5_000);
    for (int i = random.nextInt(5); i > 0; i--) {
      long length = 1L + random.nextInt(10_000);
      // each in a phase of its own, so that they may touch
      ranges.add(new CountedRange(at, length, 1 + random.nextInt(opened), i - 1));
      at += length + random.nextInt(3);
    }
    Optional<FileOrigin> origin =
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new FileOrigin(
                    new DiffId(digest('d')),
                    random.nextLong() >>> 2,
                    at + random.nextInt(3),
                    digest('e')));
    return new ProfiledFile(path, origin, opened, ranges);
  }

  private static String text(Random random) {
    int from = random.nextInt(NAME.length());
    int to = from + random.nextInt(NAME.length() - from);
    String text = NAME.substring(from, to);
    // half of a character outside the basic plane is no text
    return text.codePoints().anyMatch(c -> c >= 0xd800 && c < 0xe000) ? "x" : text;
  }
}
