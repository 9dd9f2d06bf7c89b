package io.github.ndocker.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged to us of what a store holds, made of the lines of {@link Steps}. One
 * journal goes on over the processes that open a store one after the other.
 */
final class Journal {
  /** A blob is stored, an image deployed: there afterwards, or not if it fails. */
  static final String PUT = "put";

  /** A blob is deleted, an image removed. */
  static final String DELETE = "delete";

  /** Whatever happens to it, it is there before, in between and afterwards. */
  static final String KEEP = "keep";

  private final boolean failuresAreDoubtful;
  private final Set<String> present = new HashSet<>();
  private final Set<String> uncertain = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private @Nullable String what;
  private String whose = "";
  private long acknowledged;

  /** A failed step is not done, as the store promises. */
  Journal() {
    this(false);
  }

  /** A failed step may be done all the same if the whole machine was failing around it. */
  Journal(boolean failuresAreDoubtful) {
    this.failuresAreDoubtful = failuresAreDoubtful;
  }

  /** Takes note of a line; of none that no step has said. */
  void add(String line) {
    String[] words = line.split(" ", 3);
    switch (words[0]) {
      case "begin" -> {
        what = words[1];
        whose = words[2];
      }
      case "done" -> {
        acknowledged++;
        uncertain.remove(whose);
        if (PUT.equals(what)) {
          present.add(whose);
        } else if (DELETE.equals(what)) {
          present.remove(whose);
        }
        what = null;
      }
      case "failed" -> {
        failures.add(line);
        if (DELETE.equals(what) || failuresAreDoubtful) {
          ended();
        }
        what = null;
      }
      default -> {}
    }
  }

  /** The process is dead: what it was doing is done or not. */
  void ended() {
    if (PUT.equals(what) ? !present.contains(whose) : DELETE.equals(what)) {
      doubt();
    }
    what = null;
  }

  private void doubt() {
    present.remove(whose);
    uncertain.add(whose);
  }

  /** What has to be there. */
  Set<String> present() {
    return Set.copyOf(present);
  }

  /** What may be there, whole, or not at all. */
  Set<String> uncertain() {
    return Set.copyOf(uncertain);
  }

  /** Steps that were acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /** What steps said that were not done. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** One that goes on from here, and leaves this one as it is. */
  Journal copy() {
    return copy(failuresAreDoubtful);
  }

  /** The same for a machine that will fail as a whole, or will not. */
  Journal copy(boolean doubtful) {
    Journal copy = new Journal(doubtful);
    copy.present.addAll(present);
    copy.uncertain.addAll(uncertain);
    return copy;
  }
}
