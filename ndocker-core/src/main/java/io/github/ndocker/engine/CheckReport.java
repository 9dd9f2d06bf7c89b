package io.github.ndocker.engine;

import java.util.List;

/**
 * What a check of a store found. Immutable.
 *
 * @param findings what is not as it should be, or was not, in the order it was found
 * @param blobs how many blobs were looked at
 * @param bytes how many bytes of them were read
 */
public record CheckReport(List<CheckFinding> findings, int blobs, long bytes) {
  /** Copies the list. */
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /**
   * Whether everything is as it should be now.
   *
   * @return false if damage is left
   */
  public boolean isSound() {
    return findings.stream().noneMatch(CheckFinding::isDamage);
  }
}
