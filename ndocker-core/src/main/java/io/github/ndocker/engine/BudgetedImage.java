package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.HotSegment;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * An image as the budget of the fast tier sees it. Immutable.
 *
 * @param reference the first reference of these layers
 * @param chainId the chain ID of the layers
 * @param expectedStarts how many starts are expected in 1.44 half-lives, if it goes on as lately
 * @param secondsSaved by how much a start is faster with hot packs, in seconds
 * @param measured whether the host has said that, rather than it being estimated
 * @param segments what it needs of the fast tier, parted by which images need it: a segment that
 *     two images have is the same bytes. Names last until the next list
 * @param resident whether it has hot packs
 * @param pinned whether it keeps them whatever it is worth
 */
public record BudgetedImage(
    String reference,
    ChainId chainId,
    double expectedStarts,
    double secondsSaved,
    boolean measured,
    List<HotSegment> segments,
    boolean resident,
    boolean pinned) {
  /** Checks that nothing is missing. */
  public BudgetedImage {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(chainId, "chainId");
    segments = List.copyOf(segments);
  }

  /**
   * What it needs of the fast tier, also what other images need.
   *
   * @return bytes
   */
  public long bytes() {
    return segments.stream().mapToLong(HotSegment::bytes).sum();
  }

  /**
   * As a line of a table: starts, seconds, megabytes, whether it is there, reference.
   *
   * @return such as {@code " 12.5 starts 0.84 s 15.5 MB fast pinned python:3"}
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%8.1f starts %8.2f s %9.1f MB  %-4s %-6s  %s",
        expectedStarts,
        secondsSaved,
        bytes() / 1e6,
        resident ? "fast" : "slow",
        pinned ? "pinned" : "",
        reference);
  }
}
