package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of an image when its hot files are asked for. Immutable.
 *
 * @param layers the layers from the bottom up
 * @param history the steps of the build from the first to the last; empty if the image does not
 *     tell
 * @param profile a trace of a cold start, if there was one
 * @param command what is started, if that is known
 * @param files the image's files, if they can be looked at
 */
public record ImageEvidence(
    List<Layer> layers,
    List<HistoryStep> history,
    Optional<Profile> profile,
    Optional<StartCommand> command,
    Optional<ImageFiles> files) {
  /** Copies the lists. */
  public ImageEvidence {
    layers = List.copyOf(layers);
    history = List.copyOf(history);
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(files, "files");
  }

  /**
   * Evidence of documents alone: nothing is known of the command, and no file can be looked at.
   *
   * @param layers the layers from the bottom up
   * @param history the steps of the build
   * @param profile a trace of a cold start, if there was one
   */
  public ImageEvidence(List<Layer> layers, List<HistoryStep> history, Optional<Profile> profile) {
    this(layers, history, profile, Optional.empty(), Optional.empty());
  }

  /**
   * This evidence for a start of something else.
   *
   * @param start what is started
   * @return the evidence
   */
  public ImageEvidence with(StartCommand start) {
    return new ImageEvidence(layers, history, profile, Optional.of(start), files);
  }

  /**
   * This evidence with files to look at.
   *
   * @param tree the image's files
   * @return the evidence
   */
  public ImageEvidence with(ImageFiles tree) {
    return new ImageEvidence(layers, history, profile, command, Optional.of(tree));
  }
}
