package io.github.ndocker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileTest {
  private static final ChainId IMAGE = new ChainId(Digest.parse("sha256:" + "ab".repeat(32)));
  private static final ChainId OTHER = new ChainId(Digest.parse("sha256:" + "cd".repeat(32)));

  private static HotFile file(String path, long... ranges) {
    List<ByteRange> read = new ArrayList<>();
    for (int i = 0; i < ranges.length; i += 2) {
      read.add(new ByteRange(ranges[i], ranges[i + 1]));
    }
    return new HotFile(path, read);
  }

  private static Profile run(HotFile... files) {
    return Profile.ofOneRun(IMAGE, "w", true, List.of(files));
  }

  private static List<String> paths(Profile profile) {
    return profile.files().stream().map(ProfiledFile::path).toList();
  }

  @Test
  void countsTheRunsThatReadEachByte() {
    Profile merged = run(file("/a", 0, 100, 200, 100)).merge(run(file("/a", 50, 200)));
    assertEquals(2, merged.runs());
    assertEquals(
        List.of(
            new ProfiledFile(
                "/a",
                Optional.empty(),
                2,
                List.of(
                    new CountedRange(0, 50, 1),
                    new CountedRange(50, 50, 2),
                    new CountedRange(100, 100, 1),
                    new CountedRange(200, 50, 2),
                    new CountedRange(250, 50, 1)))),
        merged.files());
    assertEquals(300, merged.bytes());
    assertEquals(List.of(file("/a", 0, 300)), merged.hotFiles());
    assertEquals(List.of(file("/a", 50, 50, 200, 50)), merged.hotFiles(1));
  }

  private static Profile phased(String path, CountedRange... ranges) {
    return new Profile(
        IMAGE,
        "w",
        1,
        List.of(),
        List.of(),
        List.of(new ProfiledFile(path, Optional.empty(), 1, List.of(ranges))),
        List.of(),
        List.of());
  }

  @Test
  void theEarlierPhaseCountsAndOrdersWhatIsRead() {
    Profile one = phased("/a", new CountedRange(0, 100, 1, 2), new CountedRange(100, 50, 1, 1));
    Profile other = phased("/a", new CountedRange(50, 100, 1, 0), new CountedRange(400, 1, 1, 1));
    Profile merged = one.merge(other).merge(run(file("/b", 7, 1)));
    assertEquals(
        List.of(
            new CountedRange(0, 50, 1, 2),
            new CountedRange(50, 100, 2, 0),
            new CountedRange(400, 1, 1, 1)),
        merged.files().get(1).ranges());
    assertEquals(
        List.of(file("/b", 7, 1), file("/a", 50, 100), file("/a", 400, 1), file("/a", 0, 50)),
        merged.inOrderOfAccess());
    assertEquals(List.of(file("/b", 7, 1), file("/a", 0, 150, 400, 1)), merged.hotFiles());
    assertEquals(
        List.of(
            new CountedRange(0, 50, 1, 2),
            new CountedRange(50, 50, 2, 2),
            new CountedRange(100, 50, 2, 1),
            new CountedRange(400, 1, 1, 4)),
        one.followedBy(other).files().get(0).ranges());
  }

  @Test
  void whereOneHasNoPhasesThoseOfTheOtherCount() {
    Profile known = phased("/a", new CountedRange(0, 100, 1, 2), new CountedRange(100, 50, 1, 1));
    Profile unknown = phased("/a", new CountedRange(50, 250, 1));
    for (Profile merged : List.of(known.merge(unknown), unknown.merge(known))) {
      assertEquals(
          List.of(
              new CountedRange(0, 50, 1, 2),
              new CountedRange(50, 50, 2, 2),
              new CountedRange(100, 50, 2, 1),
              new CountedRange(150, 150, 1, 0)),
          merged.files().get(0).ranges());
    }
  }

  @Test
  void manyPhasesOfManyRangesAreOrderedInOneGo() {
    List<CountedRange> ranges = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      ranges.add(new CountedRange(2L * i, 1, 1, i % (CountedRange.MAX_PHASE + 1)));
    }
    Profile profile = phased("/a", ranges.toArray(CountedRange[]::new));
    List<HotFile> pieces =
        assertTimeoutPreemptively(Duration.ofSeconds(20), profile::inOrderOfAccess);
    assertEquals(CountedRange.MAX_PHASE + 1, pieces.size());
    assertEquals(1_000_000, pieces.stream().mapToLong(HotFile::bytes).sum());
  }

  @Test
  void thereIsALastPhase() {
    CountedRange last = new CountedRange(0, 10, 1, CountedRange.MAX_PHASE);
    Profile two = phased("/a", new CountedRange(0, 10, 1, 990), new CountedRange(10, 10, 1, 995));
    assertEquals(
        List.of(new CountedRange(0, 20, 1, CountedRange.MAX_PHASE)),
        phased("/b", last).followedBy(two).files().get(0).ranges());
    assertThrows(
        IllegalArgumentException.class,
        () -> new CountedRange(0, 10, 1, CountedRange.MAX_PHASE + 1));
    assertThrows(IllegalArgumentException.class, () -> new CountedRange(0, 10, 1, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> phased("/a", new CountedRange(0, 1, 1, 4), new CountedRange(1, 1, 1, 4)));
  }

  @Test
  void aPhaseLastsHalfAsLongAsAllBeforeIt() {
    assertEquals(0, Profile.phaseAt(-1));
    assertEquals(0, Profile.phaseAt(19_999_999));
    assertEquals(1, Profile.phaseAt(20_000_000));
    assertEquals(2, Profile.phaseAt(30_000_000));
    assertEquals(3, Profile.phaseAt(45_000_000));
    assertTrue(Profile.phaseAt(Long.MAX_VALUE) < CountedRange.MAX_PHASE);
  }

  @Test
  void leavesOutWhatWasSeenOnceInTenRuns() {
    Profile merged = run(file("/often", 0, 10), file("/once", 0, 10));
    for (int i = 1; i < 10; i++) {
      merged = merged.merge(run(file("/often", 0, i < 3 ? 20 : 10)));
    }
    assertEquals(List.of(file("/often", 0, 20), file("/once", 0, 10)), merged.hotFiles(0.1));
    assertEquals(List.of(file("/often", 0, 20)), merged.hotFiles(0.2));
    assertEquals(List.of(file("/often", 0, 10)), merged.hotFiles(0.3));
    Profile ten = merged;
    assertThrows(IllegalArgumentException.class, () -> ten.hotFiles(1.1));
    assertThrows(IllegalArgumentException.class, () -> ten.hotFiles(Double.NaN));
  }

  @Test
  void whatIsRareInOneWorkloadIsLeftOutBeforeOthersAreMerged() {
    Profile ten = run(file("/a", 0, 10), file("/once", 0, 10), file("/opened"));
    for (int i = 1; i < 10; i++) {
      ten = ten.merge(run(file("/a", 0, i < 5 ? 20 : 10), file("/opened")));
    }
    Profile other = run(file("/b", 0, 10));
    assertEquals(ten, ten.withoutRare(0));
    assertEquals(ten.hotFiles(0.2), ten.withoutRare(0.2).hotFiles());
    assertEquals(ten.hotFiles(0.5), ten.withoutRare(0.5).hotFiles());
    assertEquals(List.of("/b", "/a", "/opened"), paths(ten.withoutRare(0.5).merge(other)));
    assertEquals(List.of("/a", "/opened"), paths(ten.merge(other).withoutRare(0.5)));
    assertEquals(10, ten.withoutRare(1).runs());
    assertThrows(IllegalArgumentException.class, () -> other.withoutRare(-0.1));
  }

  @Test
  void putsNewFilesAfterTheOnesTheyFollowed() {
    Profile one = run(file("/a"), file("/b"), file("/c"));
    Profile other = run(file("/first"), file("/b"), file("/x"), file("/y"), file("/a"));
    assertEquals(List.of("/first", "/a", "/b", "/x", "/y", "/c"), paths(one.merge(other)));
  }

  @Test
  void joinsProcessTreesByWhatStartedWhat() {
    ProfiledProcess sh = new ProfiledProcess("/bin/sh", ProfiledProcess.OUTSIDE);
    Profile one = with(List.of(sh, new ProfiledProcess("/a", 0)), List.of());
    Profile other =
        with(
            List.of(
                new ProfiledProcess("/init", -1),
                new ProfiledProcess("/bin/sh", 0),
                sh,
                new ProfiledProcess("/a", 2),
                new ProfiledProcess("/a", 1)),
            List.of());
    assertEquals(
        List.of(
            sh,
            new ProfiledProcess("/a", 0),
            new ProfiledProcess("/init", -1),
            new ProfiledProcess("/bin/sh", 2),
            new ProfiledProcess("/a", 3)),
        one.merge(other).processes());
  }

  @Test
  void joinsChangesInTheOrderOfTheirPaths() {
    ProfiledChange made = new ProfiledChange("/b", ProfiledChange.Kind.CREATED);
    ProfiledChange gone = new ProfiledChange("/b", ProfiledChange.Kind.DELETED);
    ProfiledChange other = new ProfiledChange("/a", ProfiledChange.Kind.CHANGED);
    Profile one = with(List.of(), List.of(made));
    Profile two = with(List.of(), List.of(other, gone));
    assertEquals(List.of(other, gone), one.merge(two).changes());
    assertEquals(List.of(other, gone), two.merge(one).changes());
  }

  private static Profile with(List<ProfiledProcess> processes, List<ProfiledChange> changes) {
    return new Profile(IMAGE, "w", 1, List.of(), List.of(), List.of(), processes, changes);
  }

  @Test
  void isIncompleteIfOneRunWas() {
    Profile lossy = Profile.ofOneRun(IMAGE, "w", false, List.of());
    Profile merged = run().merge(lossy);
    assertTrue(!merged.complete());
    assertEquals(lossy.gaps(), merged.gaps());
  }

  @Test
  void mergesNothingOfAnotherImage() {
    Profile other = Profile.ofOneRun(OTHER, "w", true, List.of());
    assertThrows(IllegalArgumentException.class, () -> run().merge(other));
  }

  @Test
  void refusesCountsAndRangesThatCannotBe() {
    for (List<CountedRange> ranges :
        List.of(
            List.of(new CountedRange(0, 2, 1), new CountedRange(1, 2, 2)),
            List.of(new CountedRange(0, 2, 1), new CountedRange(2, 2, 1)),
            List.of(new CountedRange(0, 2, 3)))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new ProfiledFile("/a", Optional.empty(), 2, ranges),
          ranges.toString());
    }
    assertThrows(IllegalArgumentException.class, () -> new CountedRange(0, 1, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> with(List.of(new ProfiledProcess("/a", 0)), List.of()));
  }

  @Test
  void countsTheSameWhicheverOfRandomProfilesIsMergedIntoWhich() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      Profile one = random(random);
      Profile two = random(random);
      Profile three = random(random);
      String message = "seed " + seed + " round " + round;
      Profile merged = one.merge(two).merge(three);
      assertEquals(counts(merged), counts(three.merge(two).merge(one)), message);
      assertEquals(counts(merged), counts(one.merge(two.merge(three))), message);
      assertEquals(sum(List.of(one, two, three)), byBytes(merged), message);
      assertEquals(new HashSet<>(merged.processes()).size(), merged.processes().size(), message);
    }
  }

  private static Map<String, ProfiledFile> counts(Profile profile) {
    Map<String, ProfiledFile> counts = new HashMap<>();
    profile.files().forEach(file -> counts.put(file.path(), file));
    return counts;
  }

  private static Map<String, Integer> sum(List<Profile> profiles) {
    Map<String, Integer> sum = new HashMap<>();
    profiles.forEach(one -> byBytes(one).forEach((at, runs) -> sum.merge(at, runs, Integer::sum)));
    return sum;
  }

  private static Map<String, Integer> byBytes(Profile profile) {
    Map<String, Integer> runs = new HashMap<>();
    for (ProfiledFile file : profile.files()) {
      runs.put(file.path(), file.runs());
      for (CountedRange range : file.ranges()) {
        for (long at = range.offset(); at < range.end(); at++) {
          runs.put(file.path() + "@" + at, range.runs());
        }
      }
    }
    return runs;
  }

  private static Profile random(Random random) {
    List<HotFile> files = new ArrayList<>();
    Set<Integer> names = new HashSet<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      int name = random.nextInt(8);
      if (!names.add(name)) {
        continue;
      }
      List<ByteRange> ranges = new ArrayList<>();
      for (long at = random.nextInt(3); at < 20; ) {
        long length = 1L + random.nextInt(5);
        ranges.add(new ByteRange(at, length));
        at += length + 1 + random.nextInt(4);
      }
      files.add(new HotFile("/f" + name, random.nextInt(4) == 0 ? List.of() : ranges));
    }
    List<ProfiledProcess> processes = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      processes.add(
          new ProfiledProcess("/p" + random.nextInt(3), random.nextInt(processes.size() + 1) - 1));
    }
    Profile run = Profile.ofOneRun(IMAGE, "w", true, files);
    return new Profile(IMAGE, "w", 1, List.of(), List.of(), run.files(), processes, List.of());
  }
}
