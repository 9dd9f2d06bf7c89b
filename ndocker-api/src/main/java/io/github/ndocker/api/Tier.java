package io.github.ndocker.api;

/** The two storage media of a host, as the paper pairs them. */
public enum Tier {
  /** The medium there is little of: persistent memory, NVMe, RAM. */
  FAST,
  /** The medium there is plenty of: a hard disk, a network volume. */
  SLOW
}
