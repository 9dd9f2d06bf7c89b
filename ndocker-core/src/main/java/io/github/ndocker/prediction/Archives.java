package io.github.ndocker.prediction;

import io.github.ndocker.api.ByteRange;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Archives and directories of classes. */
final class Archives {
  private static final int MAX_FILES = 2_000;
  private static final int MAX_DEPTH = 12;

  /** Smaller archives are read as a whole rather than in two pieces. */
  private static final long SMALL = 64 << 10;

  private final StartScan scan;
  private int files;

  Archives(StartScan scan) {
    this.scan = scan;
  }

  /**
   * An entry of a class path: an archive, all archives of a directory, or a directory of classes.
   */
  void entry(String entry, String directory, Certainty certainty) throws IOException {
    if (entry.isEmpty() || entry.indexOf(ShellScript.UNKNOWN) >= 0) {
      return;
    }
    if (entry.endsWith("/*") || entry.equals("*")) {
      for (Located jar : Globs.expand(scan.view(), entry, directory)) {
        add(jar, certainty);
      }
      return;
    }
    Optional<Located> there = scan.view().find(entry, directory);
    if (there.filter(Located::isFile).isPresent()) {
      add(there.get(), certainty);
    } else if (there.isPresent()) {
      classes(there.get(), certainty, 0);
    }
  }

  /** Adds an archive: its directory, which lies at its end, first. */
  void add(Located archive, Certainty certainty) throws IOException {
    long size = archive.node().size();
    if (size == 0 || files++ > MAX_FILES) {
      return;
    }
    long directory = size <= SMALL ? 0 : directory(archive, size);
    List<ByteRange> rest = directory == 0 ? List.of() : List.of(new ByteRange(0, directory));
    scan.found()
        .add(
            new Candidate(
                archive,
                certainty,
                List.of(new ByteRange(directory, size - directory)),
                rest,
                Candidate.Stride.ARCHIVE,
                List.of()));
  }

  private void classes(Located directory, Certainty certainty, int depth) throws IOException {
    for (String name : scan.view().list(directory)) {
      Optional<Located> child = scan.view().find(name, directory.path());
      if (child.isEmpty() || files++ > MAX_FILES) {
        continue;
      }
      if (child.get().isFile()) {
        scan.found().add(Candidate.whole(child.get(), certainty));
      } else if (depth < MAX_DEPTH) {
        classes(child.get(), certainty, depth + 1);
      }
    }
  }

  /** Where the central directory begins (ZIP, APPNOTE 4.3.16); the last pages if it is not told. */
  private long directory(Located archive, long size) throws IOException {
    int length = (int) Math.min(size, SMALL);
    byte[] tail = scan.view().read(archive, size - length, length);
    for (int at = tail.length - 22; at >= 0; at--) {
      if (tail[at] == 'P' && tail[at + 1] == 'K' && tail[at + 2] == 5 && tail[at + 3] == 6) {
        long offset = 0;
        for (int i = 3; i >= 0; i--) {
          offset = offset << 8 | (tail[at + 16 + i] & 0xff);
        }
        return offset > 0 && offset < size ? offset : size - length;
      }
    }
    return size - length;
  }
}
