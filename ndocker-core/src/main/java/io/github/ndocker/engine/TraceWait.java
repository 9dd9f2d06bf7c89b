package io.github.ndocker.engine;

import io.github.ndocker.api.ProfiledRun;
import io.github.ndocker.hotfile.ColdStartTrace;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waits for the end of one trace, and says which it was. For one thread. */
final class TraceWait {
  /** Of the text that a rule waits for: words are for people. */
  private static final int MAX_WORDS = 200;

  private final TraceEnd end;
  private final Container container;
  private final ColdStartTrace trace;
  private Optional<ProfiledRun> reached = Optional.empty();

  TraceWait(TraceEnd end, Container container, ColdStartTrace trace) {
    this.end = end;
    this.container = container;
    this.trace = trace;
  }

  /** Fails if the container does, before it is ready or the trace has ended. */
  ProfiledRun await() throws IOException {
    if (end.readiness().isPresent()) {
      Readiness rule = end.readiness().get();
      Optional<Duration> ready = container.awaitReady(rule, this::isReached);
      if (ready.isPresent()) {
        return new ProfiledRun(ProfiledRun.End.READY, words(rule), ready.get().toMillis());
      }
    } else if (container.awaitExit(this::isReached)) {
      if (container.awaitExit() != 0) {
        throw container.endedTooEarly();
      }
      return ended(ProfiledRun.End.EXIT, "ended with exit code 0");
    }
    return reached.orElseThrow();
  }

  private boolean isReached() {
    Duration elapsed = container.elapsed();
    if (end.signal().isGiven()) {
      reached = Optional.of(ended(ProfiledRun.End.SIGNAL, "the host ended the trace"));
    } else if (end.quiet().isPresent() && trace.quietNanos() >= end.quiet().get().toNanos()) {
      String words = "no new file for " + end.quiet().get().toMillis() + " ms";
      reached = Optional.of(ended(ProfiledRun.End.QUIET, words));
    } else if (elapsed.compareTo(end.limit()) >= 0) {
      String words = "the time was up, after " + end.limit().toMillis() + " ms";
      reached = Optional.of(ended(ProfiledRun.End.TIME_LIMIT, words));
    }
    return reached.isPresent();
  }

  private ProfiledRun ended(ProfiledRun.End what, String words) {
    return new ProfiledRun(what, words, container.elapsed().toMillis());
  }

  private static String words(Readiness rule) {
    if (rule instanceof Readiness.Listens listens) {
      return "TCP port " + listens.port() + " accepted a connection";
    }
    if (rule instanceof Readiness.Prints prints) {
      return "printed '" + shortened(prints.text()) + "'";
    }
    return rule instanceof Readiness.Exits exits && !exits.text().isEmpty()
        ? "ended with exit code 0, and printed '" + shortened(exits.text()) + "'"
        : "ended with exit code 0";
  }

  private static String shortened(String text) {
    return text.length() <= MAX_WORDS ? text : text.substring(0, MAX_WORDS) + "...";
  }
}
