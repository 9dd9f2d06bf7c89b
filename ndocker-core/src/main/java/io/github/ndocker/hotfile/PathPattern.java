package io.github.ndocker.hotfile;

import java.util.ArrayList;
import java.util.List;

/**
 * A path with wildcards: {@code ?} is one character of a name, {@code *} any number of them, {@code
 * **} any number of characters, slashes too; a backslash takes the meaning from the next character.
 * Matching takes time in proportion to pattern and path, whatever they are. Immutable.
 */
final class PathPattern {
  private static final char ANY_CHARACTER = '?';
  private static final char ANY_NAME = '*';
  private static final char ANYTHING = '/';

  /** A character, or one of the three wildcards. */
  private record Token(char character, boolean wildcard) {
    boolean repeats() {
      return wildcard && character != ANY_CHARACTER;
    }

    boolean matches(char other) {
      return wildcard ? other != '/' || character == ANYTHING : other == character;
    }
  }

  private final List<Token> tokens = new ArrayList<>();

  PathPattern(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '*') {
        int stars = 1;
        while (i + 1 < text.length() && text.charAt(i + 1) == '*') {
          i++;
          stars++;
        }
        tokens.add(new Token(stars == 1 ? ANY_NAME : ANYTHING, true));
      } else if (character == '\\' && i + 1 < text.length()) {
        i++;
        tokens.add(new Token(text.charAt(i), false));
      } else {
        tokens.add(new Token(character, character == ANY_CHARACTER));
      }
    }
  }

  boolean hasWildcards() {
    return tokens.stream().anyMatch(Token::wildcard);
  }

  /** The longest directory that every match is below, without a slash at its end. */
  String directory() {
    return literal(true);
  }

  /** The path, if there are no wildcards. */
  String path() {
    return literal(false);
  }

  private String literal(boolean onlyDirectories) {
    StringBuilder literal = new StringBuilder();
    for (Token token : tokens) {
      if (token.wildcard()) {
        break;
      }
      literal.append(token.character());
    }
    return onlyDirectories
        ? literal.substring(0, Math.max(0, literal.lastIndexOf("/")))
        : literal.toString();
  }

  /** What matching a path costs at most, in steps. */
  long steps(int pathLength) {
    return (long) (tokens.size() + 1) * (pathLength + 1);
  }

  /** Follows all ways through the pattern at once. */
  boolean matches(String path) {
    boolean[] at = new boolean[tokens.size() + 1];
    at[0] = true;
    skip(at);
    for (int i = 0; i < path.length(); i++) {
      boolean[] next = new boolean[at.length];
      for (int token = 0; token < tokens.size(); token++) {
        if (at[token] && tokens.get(token).matches(path.charAt(i))) {
          next[tokens.get(token).repeats() ? token : token + 1] = true;
        }
      }
      skip(next);
      at = next;
    }
    return at[tokens.size()];
  }

  /** A wildcard that repeats may be nothing at all. */
  private void skip(boolean[] at) {
    for (int token = 0; token < tokens.size(); token++) {
      if (at[token] && tokens.get(token).repeats()) {
        at[token + 1] = true;
      }
    }
  }
}
