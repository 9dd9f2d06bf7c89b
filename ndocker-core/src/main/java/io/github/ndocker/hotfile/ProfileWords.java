package io.github.ndocker.hotfile;

import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledRun;
import java.util.Locale;

/** The constants of a profile as its document spells them. */
final class ProfileWords {
  private ProfileWords() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static ProfiledRun.End end(String word) {
    for (ProfiledRun.End end : ProfiledRun.End.values()) {
      if (of(end).equals(word)) {
        return end;
      }
    }
    throw new IllegalArgumentException("no end of a trace: '" + word + "'");
  }

  static ProfiledChange.Kind kind(String word) {
    for (ProfiledChange.Kind kind : ProfiledChange.Kind.values()) {
      if (of(kind).equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of change: '" + word + "'");
  }
}
