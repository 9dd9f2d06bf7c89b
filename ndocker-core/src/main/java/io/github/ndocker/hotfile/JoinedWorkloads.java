package io.github.ndocker.hotfile;

import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What several workloads of one image read, as one profile to make a hot pack of. */
public final class JoinedWorkloads {
  private JoinedWorkloads() {}

  /**
   * Joins profiles. Rare reads are left out of each by itself: what every run of one workload reads
   * is not rare, however many runs of others there are.
   *
   * @param profiles profiles of one image, the workload that matters most first
   * @param minShareOfRuns as for {@link Profile#withoutRare}
   * @return the files of the first one in its order, then what only the second one has, and so on;
   *     under the first one's name
   * @throws IllegalArgumentException if there is no profile, they are of several images, or the
   *     share is not between 0 and 1
   */
  public static Profile join(List<Profile> profiles, double minShareOfRuns) {
    Map<String, Integer> order = new HashMap<>();
    for (Profile profile : profiles) {
      for (ProfiledFile file : profile.files()) {
        order.putIfAbsent(file.path(), order.size());
      }
    }
    Profile joined =
        profiles.stream()
            .map(profile -> profile.withoutRare(minShareOfRuns))
            .reduce(Profile::followedBy)
            .orElseThrow(() -> new IllegalArgumentException("no profile to join"));
    return new Profile(
        joined.image(),
        joined.workload(),
        joined.runs(),
        joined.gaps(),
        joined.ends(),
        joined.files().stream()
            .sorted(Comparator.comparing(file -> Objects.requireNonNull(order.get(file.path()))))
            .toList(),
        joined.processes(),
        joined.changes());
  }
}
