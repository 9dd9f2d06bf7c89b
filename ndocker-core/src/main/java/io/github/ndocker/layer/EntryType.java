package io.github.ndocker.layer;

import java.util.Arrays;
import java.util.Optional;

/** What an entry of a layer is. */
public enum EntryType {
  /** A file with bytes. */
  REGULAR('0', 0100000),
  /** A directory. */
  DIRECTORY('5', 0040000),
  /** A symbolic link. */
  SYMLINK('2', 0120000),
  /** A character device. */
  CHARACTER_DEVICE('3', 0020000),
  /** A block device. */
  BLOCK_DEVICE('4', 0060000),
  /** A named pipe. */
  FIFO('6', 0010000),
  /** A further name of a file that came earlier; it has no metadata of its own. */
  HARD_LINK('1', 0);

  private final char tarFlag;
  private final int fileType;

  EntryType(char tarFlag, int fileType) {
    this.tarFlag = tarFlag;
    this.fileType = fileType;
  }

  /**
   * The type as {@code st_mode} carries it.
   *
   * @return the bits of {@code S_IFMT}; 0 for a hard link, which is what its target is
   */
  public int fileType() {
    return fileType;
  }

  /** The type flag of POSIX tar. */
  char tarFlag() {
    return tarFlag;
  }

  static Optional<EntryType> ofTarFlag(char flag) {
    return Arrays.stream(values()).filter(type -> type.tarFlag == flag).findFirst();
  }
}
