package io.github.ndocker.engine;

import io.github.ndocker.api.Profile;
import java.util.Objects;

/**
 * What became of an imported profile. Immutable.
 *
 * @param profile what is kept of the workload now
 * @param files how many files were imported
 * @param keptFiles how many of them the image holds
 * @param bytes how many bytes of them are hot
 * @param keptBytes how many of these the image holds
 */
public record ProfileImport(Profile profile, int files, int keptFiles, long bytes, long keptBytes) {
  /** Checks that nothing is missing. */
  public ProfileImport {
    Objects.requireNonNull(profile, "profile");
  }
}
