package io.github.ndocker.erofs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checker of erofs-utils, of a version that takes blocks of 512 bytes on machines with larger
 * pages (1.9.3 does, Debian 12's 1.5 refuses them).
 *
 * @param program its path
 */
record ErofsFsck(String program) {
  /** The program that {@code -Dndocker.fsck} names, if there is that property. */
  static Optional<ErofsFsck> given() {
    return Optional.ofNullable(System.getProperty("ndocker.fsck")).map(ErofsFsck::new);
  }

  /**
   * Checks the metadata and reads every file; throws what the program says if it is not content.
   */
  void check(BuiltImage image) throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "--extract"));
    for (Path file : image.files()) {
      command.add("--device=" + file);
    }
    command.add(image.metadata().toString());
    Command.run(command.toArray(String[]::new));
  }
}
