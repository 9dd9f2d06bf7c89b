package io.github.ndocker.hotfile;

import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledProcess;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps profiles from growing with every run that is merged into them, by programs and changes
 * whose names are new each time.
 */
public final class ProfileBounds {
  static final String MORE_USED = "more files or programs were used than are kept";

  /** The gap of a profile that lacks changes. */
  public static final String MORE_CHANGED = "more was changed than is kept";

  private ProfileBounds() {}

  /**
   * Leaves out what is too much.
   *
   * @param profile of any number of runs
   * @return the same, or one with fewer programs and changes, which has a gap for each of the two
   */
  public static Profile cut(Profile profile) {
    NameBudget programs = NameBudget.ofPrograms();
    List<ProfiledProcess> processes =
        profile.processes().stream()
            .takeWhile(process -> programs.admits(process.executable()))
            .toList();
    NameBudget changed = NameBudget.ofChanges();
    List<ProfiledChange> changes =
        profile.changes().stream().takeWhile(change -> changed.admits(change.path())).toList();
    Set<String> gaps = new LinkedHashSet<>(profile.gaps());
    if (programs.isExceeded()) {
      gaps.add(MORE_USED);
    }
    if (changed.isExceeded()) {
      gaps.add(MORE_CHANGED);
    }
    return new Profile(
        profile.image(),
        profile.workload(),
        profile.runs(),
        gaps.stream().limit(Profile.MAX_GAPS).toList(),
        profile.ends(),
        profile.files(),
        processes,
        changes);
  }
}
