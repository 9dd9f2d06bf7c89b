package io.github.ndocker.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;

/** Joins two profiles of one image. Takes time in proportion to both. */
final class ProfileMerge {
  private ProfileMerge() {}

  static Profile merge(Profile one, Profile other, IntBinaryOperator phaseOfBoth) {
    if (!one.image().equals(other.image())) {
      throw new IllegalArgumentException(
          "profiles of two images: " + one.image() + " and " + other.image());
    }
    Set<String> gaps = new LinkedHashSet<>(one.gaps());
    gaps.addAll(other.gaps());
    List<ProfiledRun> ends = new ArrayList<>(one.ends());
    ends.addAll(other.ends());
    return new Profile(
        one.image(),
        one.workload(),
        sum(one.runs(), other.runs()),
        gaps.stream().limit(Profile.MAX_GAPS).toList(),
        ends.subList(Math.max(0, ends.size() - Profile.MAX_ENDS), ends.size()),
        files(one.files(), other.files(), phaseOfBoth),
        processes(one.processes(), other.processes()),
        changes(one.changes(), other.changes()));
  }

  /** Counts of documents from outside may be anything: they end at the largest number. */
  static int sum(int one, int other) {
    return (int) Math.min((long) one + other, Integer.MAX_VALUE);
  }

  /** Of a profile that has no phases it is not known when anything was read. */
  static IntBinaryOperator phaseOfBoth(Profile one, Profile other) {
    boolean known = hasPhases(one);
    if (known == hasPhases(other)) {
      return Math::min;
    }
    return known ? (first, second) -> first : (first, second) -> second;
  }

  private static boolean hasPhases(Profile profile) {
    return profile.files().stream()
        .anyMatch(file -> file.ranges().stream().anyMatch(range -> range.phase() > 0));
  }

  private static List<ProfiledFile> files(
      List<ProfiledFile> one, List<ProfiledFile> other, IntBinaryOperator phaseOfBoth) {
    Map<String, ProfiledFile> known = new LinkedHashMap<>();
    one.forEach(file -> known.put(file.path(), file));
    List<ProfiledFile> first = new ArrayList<>();
    Map<String, List<ProfiledFile>> after = new HashMap<>();
    List<ProfiledFile> place = first;
    for (ProfiledFile file : other) {
      ProfiledFile same = known.get(file.path());
      if (same == null) {
        place.add(file);
      } else {
        known.put(file.path(), join(same, file, phaseOfBoth));
        place = after.computeIfAbsent(file.path(), path -> new ArrayList<>());
      }
    }
    List<ProfiledFile> merged = new ArrayList<>(first);
    for (ProfiledFile file : known.values()) {
      merged.add(file);
      merged.addAll(after.getOrDefault(file.path(), List.of()));
    }
    return merged;
  }

  private static ProfiledFile join(
      ProfiledFile one, ProfiledFile other, IntBinaryOperator phaseOfBoth) {
    List<CountedRange> ranges = RangeCounts.add(one.ranges(), other.ranges(), phaseOfBoth);
    long end = ranges.isEmpty() ? 0 : ranges.get(ranges.size() - 1).end();
    // one of them may not know the file's size, and say of it what cannot be
    Optional<FileOrigin> origin =
        one.origin().or(other::origin).filter(known -> end <= known.size());
    return new ProfiledFile(one.path(), origin, sum(one.runs(), other.runs()), ranges);
  }

  /** An executable is the same if what started it is. */
  private static List<ProfiledProcess> processes(
      List<ProfiledProcess> one, List<ProfiledProcess> other) {
    Map<ProfiledProcess, Integer> merged = new LinkedHashMap<>();
    for (List<ProfiledProcess> tree : List.of(one, other)) {
      int[] place = new int[tree.size()];
      for (int i = 0; i < place.length; i++) {
        ProfiledProcess process = tree.get(i);
        int parent = process.parent() < 0 ? process.parent() : place[process.parent()];
        ProfiledProcess moved = new ProfiledProcess(process.executable(), parent);
        place[i] = merged.merge(moved, merged.size(), (before, added) -> before);
      }
    }
    return List.copyOf(merged.keySet());
  }

  /** What one run deleted is deleted, whatever another one did. */
  private static List<ProfiledChange> changes(
      List<ProfiledChange> one, List<ProfiledChange> other) {
    Map<String, ProfiledChange> merged = new TreeMap<>();
    for (List<ProfiledChange> changes : List.of(one, other)) {
      for (ProfiledChange change : changes) {
        merged.merge(change.path(), change, (a, b) -> a.kind().compareTo(b.kind()) >= 0 ? a : b);
      }
    }
    return List.copyOf(merged.values());
  }
}
