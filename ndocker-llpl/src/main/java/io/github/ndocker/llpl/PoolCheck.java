package io.github.ndocker.llpl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks {@code pmempool check}, a program of PMDK, what it thinks of a pool. It looks at the header
 * only, but before anything is mapped. Its text counts: its exit code is 1 for a damaged pool, for
 * one that is open, and for one it cannot judge.
 */
final class PoolCheck {
  private static final String PROGRAM = "pmempool";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What it says. */
  enum Verdict {
    SOUND,
    DAMAGED,
    IN_USE,
    /** It is not installed, too slow, or says something else. */
    UNKNOWN
  }

  private PoolCheck() {}

  static Verdict of(Path pool) throws IOException {
    Optional<Path> program = installed();
    return program.isEmpty()
        ? Verdict.UNKNOWN
        : of(List.of(program.get().toString(), "check", "-v", pool.toString()), PATIENCE);
  }

  static Verdict of(List<String> command, Duration patience) throws IOException {
    try (BoundedProcess check = BoundedProcess.start(command)) {
      return check.endsWithin(patience) ? judge(check.output()) : Verdict.UNKNOWN;
    }
  }

  static Verdict judge(String said) {
    String text = said.toLowerCase(Locale.ROOT).strip();
    if (text.endsWith("not consistent")) {
      return Verdict.DAMAGED;
    }
    if (text.endsWith(": consistent")) {
      return Verdict.SOUND;
    }
    return text.contains("temporarily unavailable") ? Verdict.IN_USE : Verdict.UNKNOWN;
  }

  private static Optional<Path> installed() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(directory, PROGRAM);
      if (!directory.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
