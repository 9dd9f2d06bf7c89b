package io.github.ndocker.hotfile;

import io.github.ndocker.api.ProfiledProcess;
import io.github.ndocker.linux.ParentProcess;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Which executable started which, made of events as they come: who the parent of a process is has
 * to be asked while it lives. Two children of one process that run the same executable are one. For
 * one thread.
 */
final class ProcessTree {
  private static final int MAX_PIDS = 100_000;

  /** How far up a process without any event is followed. */
  private static final int MAX_GENERATIONS = 50;

  /** The kernel executes a program's ELF interpreter too; nobody started that. */
  private static final Pattern ELF_INTERPRETER =
      Pattern.compile(".*/ld[0-9]*(-[^/]*)?\\.so[.0-9]*");

  private final IntFunction<OptionalInt> parents;
  private final Map<ProfiledProcess, Integer> executables = new LinkedHashMap<>();

  /** What each process runs: an index of the list, or that it is none of the container's. */
  private final Map<Integer, Integer> running = new HashMap<>();

  private final NameBudget names = NameBudget.ofPrograms();
  private boolean truncated;

  ProcessTree() {
    this(ParentProcess::of);
  }

  ProcessTree(IntFunction<OptionalInt> parents) {
    this.parents = parents;
  }

  void opened(int pid) {
    running(pid);
  }

  void executed(int pid, String path) {
    int parent = running(pid);
    if (parent != ProfiledProcess.OUTSIDE && ELF_INTERPRETER.matcher(path).matches()) {
      return;
    }
    ProfiledProcess process = new ProfiledProcess(path, parent);
    Integer known = executables.get(process);
    if (known == null) {
      if (!names.admits(path)) {
        return;
      }
      known = executables.size();
      executables.put(process, known);
    }
    running.put(pid, known);
  }

  /** The executables, each after its parent. */
  List<ProfiledProcess> executables() {
    return List.copyOf(executables.keySet());
  }

  boolean isTruncated() {
    return truncated || names.isExceeded();
  }

  /** What a process runs: if it has executed nothing yet, what its parent ran. */
  private int running(int pid) {
    int ancestor = pid;
    Integer known = running.get(pid);
    for (int up = 0; known == null && up < MAX_GENERATIONS; up++) {
      OptionalInt parent = ancestor <= 1 ? OptionalInt.empty() : parents.apply(ancestor);
      if (parent.isEmpty()) {
        break;
      }
      ancestor = parent.getAsInt();
      known = running.get(ancestor);
    }
    int runs = known == null ? ProfiledProcess.OUTSIDE : known;
    if (running.size() < MAX_PIDS) {
      running.putIfAbsent(pid, runs);
    } else {
      truncated = true;
    }
    return runs;
  }
}
