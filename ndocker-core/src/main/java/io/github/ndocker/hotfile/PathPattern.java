package io.github.ndocker.hotfile;

import java.util.BitSet;

/**
 * A path with wildcards: {@code ?} is one character of a name, {@code *} any number of them, {@code
 * **} any number of characters, slashes too; a backslash takes the meaning from the next character.
 * Matching takes time in proportion to pattern and path, whatever they are. Immutable.
 */
final class PathPattern {
  private static final char ANY_CHARACTER = '?';
  private static final char ANY_NAME = '*';
  private static final char ANYTHING = '/';

  /** Each a character, or one of the three wildcards. */
  private final String tokens;

  /** Which of the tokens are wildcards. */
  private final BitSet wildcards = new BitSet();

  PathPattern(String text) {
    StringBuilder read = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '*') {
        int stars = 1;
        while (i + 1 < text.length() && text.charAt(i + 1) == '*') {
          i++;
          stars++;
        }
        wildcards.set(read.length());
        read.append(stars == 1 ? ANY_NAME : ANYTHING);
      } else if (character == '\\' && i + 1 < text.length()) {
        i++;
        read.append(text.charAt(i));
      } else {
        wildcards.set(read.length(), character == ANY_CHARACTER);
        read.append(character);
      }
    }
    this.tokens = read.toString();
  }

  boolean hasWildcards() {
    return !wildcards.isEmpty();
  }

  /** The longest directory that every match is below, without a slash at its end. */
  String directory() {
    String literal = hasWildcards() ? tokens.substring(0, wildcards.nextSetBit(0)) : tokens;
    return literal.substring(0, Math.max(0, literal.lastIndexOf('/')));
  }

  /** The path, if there are no wildcards. */
  String path() {
    return tokens;
  }

  /** What matching a path costs at most, in steps. */
  long steps(int pathLength) {
    return (long) (tokens.length() + 1) * (pathLength + 1);
  }

  /** Follows all ways through the pattern at once. */
  boolean matches(String path) {
    boolean[] at = new boolean[tokens.length() + 1];
    at[0] = true;
    skip(at);
    for (int i = 0; i < path.length(); i++) {
      boolean[] next = new boolean[at.length];
      for (int token = 0; token < tokens.length(); token++) {
        if (at[token] && takes(token, path.charAt(i))) {
          next[repeats(token) ? token : token + 1] = true;
        }
      }
      skip(next);
      at = next;
    }
    return at[tokens.length()];
  }

  private boolean takes(int token, char other) {
    char character = tokens.charAt(token);
    return wildcards.get(token) ? other != '/' || character == ANYTHING : other == character;
  }

  private boolean repeats(int token) {
    return wildcards.get(token) && tokens.charAt(token) != ANY_CHARACTER;
  }

  /** A wildcard that repeats may be nothing at all. */
  private void skip(boolean[] at) {
    for (int token = 0; token < tokens.length(); token++) {
      if (at[token] && repeats(token)) {
        at[token + 1] = true;
      }
    }
  }
}
