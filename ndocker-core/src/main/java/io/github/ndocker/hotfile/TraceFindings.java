package io.github.ndocker.hotfile;

import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.api.ProfiledProcess;
import java.util.List;

/**
 * What a trace has seen. Immutable.
 *
 * @param files the image's files that were opened, in the order of first access, with the ranges
 *     that were read; their origins are not known here
 * @param processes the executables, each after what started it
 * @param gaps why something may be missing, in sentences; none if nothing is
 */
public record TraceFindings(
    List<ProfiledFile> files, List<ProfiledProcess> processes, List<String> gaps) {
  /** Copies the lists. */
  public TraceFindings {
    files = List.copyOf(files);
    processes = List.copyOf(processes);
    gaps = List.copyOf(gaps);
  }

  /** The files with all that was read of them, whenever that was. */
  List<HotFile> hotFiles() {
    return files.stream().map(file -> file.readBy(1)).toList();
  }
}
