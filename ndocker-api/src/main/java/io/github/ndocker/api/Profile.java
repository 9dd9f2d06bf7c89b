package io.github.ndocker.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one or several runs of an image touched until they were ready. Immutable.
 *
 * <p>A start has phases: the first one ends {@value #FIRST_PHASE_MILLIS} ms after the first program
 * was executed, and each next one lasts half as long as all before it together. So the order in
 * which the parts of large files were read is kept, as far as that matters to who reads them ahead,
 * and two runs hardly differ in it.
 *
 * @param image the chain ID of the image's layers
 * @param workload a name for what was started, chosen by the host
 * @param runs the number of runs, at least 1
 * @param gaps why files or ranges may be missing, in sentences; none if the profile is complete
 * @param ends how runs ended, the latest last; at most {@link #MAX_ENDS}, and none of a run that
 *     was not traced
 * @param files the files in the order of their first access, each path once
 * @param processes the executables, each after what started it
 * @param changes what was made, changed and deleted, in the order of the paths, each once
 */
public record Profile(
    ChainId image,
    String workload,
    int runs,
    List<String> gaps,
    List<ProfiledRun> ends,
    List<ProfiledFile> files,
    List<ProfiledProcess> processes,
    List<ProfiledChange> changes) {
  /** Of so many runs at most is it known how they ended. */
  public static final int MAX_ENDS = 100;

  /** When the first phase of a start ends, in milliseconds from its first program on. */
  public static final int FIRST_PHASE_MILLIS = 20;

  /** As many gaps, and no more, are kept of profiles that are merged. */
  public static final int MAX_GAPS = 20;

  /**
   * Checks that everything is there once and no count is above the number of runs.
   *
   * @throws IllegalArgumentException if a path is there twice, the workload has no name, a count is
   *     too large, a parent comes after its child, or there are more ends than runs
   */
  public Profile {
    Objects.requireNonNull(image, "image");
    gaps = List.copyOf(gaps);
    ends = List.copyOf(ends);
    files = List.copyOf(files);
    processes = List.copyOf(processes);
    changes = List.copyOf(changes);
    if (workload.isBlank()) {
      throw new IllegalArgumentException("a workload has a name");
    }
    if (runs < 1 || ends.size() > Math.min(runs, MAX_ENDS) || gaps.size() > MAX_GAPS) {
      throw new IllegalArgumentException(
          "a profile of " + runs + " runs, " + ends.size() + " ends and " + gaps.size() + " gaps");
    }
    Set<String> paths = new HashSet<>();
    for (ProfiledFile file : files) {
      if (!paths.add(file.path())) {
        throw new IllegalArgumentException("twice in the profile: " + file.path());
      }
      if (file.runs() > runs) {
        throw new IllegalArgumentException(
            file.runs() + " of " + runs + " runs opened " + file.path());
      }
    }
    for (int i = 0; i < processes.size(); i++) {
      if (processes.get(i).parent() >= i) {
        throw new IllegalArgumentException(
            "executable " + i + " of the profile has parent " + processes.get(i).parent());
      }
    }
    for (int i = 1; i < changes.size(); i++) {
      if (changes.get(i - 1).path().compareTo(changes.get(i).path()) >= 0) {
        throw new IllegalArgumentException(
            "changes are not in the order of their paths: " + changes.get(i).path());
      }
    }
  }

  /**
   * What one run read, and nothing else that is known of it.
   *
   * @param image the chain ID of the image's layers
   * @param workload a name for what was started
   * @param complete false if files may be missing
   * @param files the files in the order of their first access, each path once
   * @return a profile of one run
   * @throws IllegalArgumentException if a path is there twice or the workload has no name
   */
  public static Profile ofOneRun(
      ChainId image, String workload, boolean complete, List<HotFile> files) {
    return new Profile(
        image,
        workload,
        1,
        complete ? List.of() : List.of("events were lost"),
        List.of(),
        files.stream().map(file -> ProfiledFile.ofOneRun(file, Optional.empty())).toList(),
        List.of(),
        List.of());
  }

  /**
   * Whether everything is in it that the runs read.
   *
   * @return false if there are gaps
   */
  public boolean complete() {
    return gaps.isEmpty();
  }

  /**
   * How much the runs read, each byte counted once.
   *
   * @return the sum over the files, in bytes
   */
  public long bytes() {
    return files.stream().mapToLong(ProfiledFile::bytes).sum();
  }

  /**
   * All files, with the ranges that any run read.
   *
   * @return files in the order of first access, also those that were opened but not read
   */
  public List<HotFile> hotFiles() {
    return hotFiles(0);
  }

  /**
   * What any run read, in the order of first access: phase by phase, and within one in the order of
   * the files.
   *
   * @return files with some of their ranges; a file comes once for each phase in which bytes of it
   *     were first read
   */
  public List<HotFile> inOrderOfAccess() {
    SortedMap<Integer, List<HotFile>> phases = new TreeMap<>();
    for (ProfiledFile file : files) {
      file.byPhase()
          .forEach(
              (phase, part) -> phases.computeIfAbsent(phase, one -> new ArrayList<>()).add(part));
    }
    return phases.values().stream().flatMap(List::stream).toList();
  }

  /**
   * In which phase of a start a moment is.
   *
   * @param nanos time since the first program was executed
   * @return the number of the phase, 0 for the first one
   */
  public static int phaseAt(long nanos) {
    int phase = 0;
    for (double end = FIRST_PHASE_MILLIS * 1e6; nanos >= end; end *= 1.5) {
      phase++;
    }
    return phase;
  }

  /**
   * What is worth keeping fast: a range that was seen once in ten runs may be left out.
   *
   * @param minShareOfRuns at least this share of the runs has opened the file, and read the range:
   *     from 0 for everything to 1 for what all of them read
   * @return files in the order of first access, also those of which no range is left
   * @throws IllegalArgumentException if the share is not between 0 and 1
   */
  public List<HotFile> hotFiles(double minShareOfRuns) {
    int enough = enough(minShareOfRuns);
    return files.stream()
        .filter(file -> file.runs() >= enough)
        .map(file -> file.readBy(enough))
        .toList();
  }

  private int enough(double minShareOfRuns) {
    if (!(minShareOfRuns >= 0 && minShareOfRuns <= 1)) {
      throw new IllegalArgumentException("a share of " + minShareOfRuns + " of the runs");
    }
    // 0.3 times 10 is a little more than 3
    return (int) Math.max(1, Math.ceil(minShareOfRuns * runs - 1e-9 * runs));
  }

  /**
   * The same without what only few of the runs read. To be done before profiles of several
   * workloads are merged: what every run of a workload reads is not rare, however many runs of
   * others there are.
   *
   * @param minShareOfRuns at least this share of the runs has opened a file, and read a range, that
   *     stays: from 0 for everything to 1 for what all of them read
   * @return a copy; its counts are as before
   * @throws IllegalArgumentException if the share is not between 0 and 1
   */
  public Profile withoutRare(double minShareOfRuns) {
    int enough = enough(minShareOfRuns);
    List<ProfiledFile> often =
        files.stream()
            .filter(file -> file.runs() >= enough)
            .map(file -> file.onlyReadBy(enough))
            .toList();
    return new Profile(image, workload, runs, gaps, ends, often, processes, changes);
  }

  /**
   * Joins what other runs of the same image touched to this: everything that is in either, with the
   * counts added. Of the phases of a range the earlier one counts, or that of the profile that has
   * phases. Files come in the order of this profile; one that only the other has comes after the
   * file that it follows there. Which of the two is merged into which changes orders, never counts.
   *
   * @param other a profile of the same image, perhaps of another workload
   * @return the merged profile, with the name of this workload
   * @throws IllegalArgumentException if it is of another image
   */
  public Profile merge(Profile other) {
    return ProfileMerge.merge(this, other, ProfileMerge.phaseOfBoth(this, other));
  }

  /**
   * As {@link #merge}, but all phases of the other profile come after those of this one: to start
   * what this one is of, nothing has to be read first that only the other one needs.
   *
   * @param next a profile of the same image, of another workload
   * @return the merged profile, with the name of this workload
   * @throws IllegalArgumentException if it is of another image
   */
  public Profile followedBy(Profile next) {
    int phases =
        1
            + files.stream()
                .flatMap(file -> file.ranges().stream())
                .mapToInt(CountedRange::phase)
                .max()
                .orElse(-1);
    List<ProfiledFile> later = next.files.stream().map(file -> file.later(phases)).toList();
    return ProfileMerge.merge(
        this,
        new Profile(
            next.image,
            next.workload,
            next.runs,
            next.gaps,
            next.ends,
            later,
            next.processes,
            next.changes),
        Math::min);
  }

  /**
   * The same under another name.
   *
   * @param name a name for what was started
   * @return a copy
   * @throws IllegalArgumentException if the name is blank
   */
  public Profile withWorkload(String name) {
    return new Profile(image, name, runs, gaps, ends, files, processes, changes);
  }
}
