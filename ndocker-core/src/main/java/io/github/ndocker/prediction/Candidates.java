package io.github.ndocker.prediction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files that a cold start may read, in the order in which it would, each once. For one thread. */
final class Candidates {
  private static final int MAX_FILES = 50_000;

  /** By inode: a file has one place, whatever its names. */
  private final Map<Integer, Candidate> files = new LinkedHashMap<>();

  /** Adds a file, or makes one that is there more certain; false if nothing has changed. */
  boolean add(Candidate file) {
    Candidate before = files.get(file.file().node().inode());
    if (before != null) {
      boolean better = file.certainty().compareTo(before.certainty()) < 0;
      if (better) {
        files.put(file.file().node().inode(), before.with(file.certainty()));
      }
      return better;
    }
    if (files.size() >= MAX_FILES) {
      return false;
    }
    files.put(file.file().node().inode(), file);
    return true;
  }

  /** What is there of a file already. */
  Optional<Candidate> of(Located file) {
    return Optional.ofNullable(files.get(file.node().inode()));
  }

  List<Candidate> inOrder() {
    return new ArrayList<>(files.values());
  }
}
