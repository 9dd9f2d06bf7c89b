package io.github.ndocker.layer;

/** Whom random layers are for: what these do not agree about is not in them. */
public enum LayerReader {
  /**
   * Engines that unpack layers apart, to stack them later: no layer goes through symbolic links of
   * another one, or makes hard links to its files.
   */
  APART,
  /** Engines that unpack each layer over those below it. */
  TOGETHER,
  /**
   * This project: also sparse files in all forms, any bytes in names, times before 1970, attributes
   * as large and as empty as Linux has them, files of megabytes, and what else not every engine or
   * file system keeps.
   */
  OURS
}
