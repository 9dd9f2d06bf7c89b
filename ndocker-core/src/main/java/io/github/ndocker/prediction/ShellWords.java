package io.github.ndocker.prediction;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The words of a shell script, without quotation marks, with {@link #END} wherever a command may
 * begin. Not a parser of shells: what it misreads makes a word that the image has no file for.
 */
final class ShellWords implements Iterable<String> {
  /** Not a word: the end of a command. */
  static final String END = "\n";

  private static final String ENDS = "\n;&|()`";
  private static final int MAX_VALUE = 4_096;

  private final String text;
  private final int end;

  ShellWords(String text, int most) {
    this.text = text;
    this.end = Math.min(text.length(), most);
  }

  @Override
  public Iterator<String> iterator() {
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        skip();
        return at < end;
      }

      @Override
      public String next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (ENDS.indexOf(text.charAt(at)) >= 0) {
          at++;
          return END;
        }
        StringBuilder word = new StringBuilder();
        at = word(at, word);
        return word.toString();
      }

      private void skip() {
        while (at < end) {
          char c = text.charAt(at);
          if (c == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)))) {
            while (at < end && text.charAt(at) != '\n') {
              at++;
            }
          } else if (c == '\\' && at + 1 < end && text.charAt(at + 1) == '\n') {
            at += 2;
          } else if (c == ' ' || c == '\t' || c == '\r' || c == '<' || c == '>') {
            at++;
          } else {
            return;
          }
        }
      }
    };
  }

  /** Reads one word; returns where it ends. */
  private int word(int from, StringBuilder word) {
    int at = from;
    boolean quoted = false;
    for (; at < end; at++) {
      char c = text.charAt(at);
      if (c == '\'' && !quoted) {
        int close = text.indexOf('\'', at + 1);
        if (close < 0 || close >= end) {
          continue;
        }
        // a program in quotes, as of awk, is one word
        word.append(text, at + 1, close);
        at = close;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && at + 1 < end) {
        at++;
        if (text.charAt(at) != '\n') {
          word.append(text.charAt(at));
        }
      } else if (c == '$' && at + 1 < end && text.charAt(at + 1) == '{') {
        int close = closing(at + 1);
        word.append(text, at, close);
        at = close - 1;
      } else if (c == '$' && at + 1 < end && text.charAt(at + 1) == '(') {
        // what it prints is unknown; the command in it is read as the next one
        word.append(ShellScript.UNKNOWN);
        return at + 1 == from ? at + 2 : at + 1;
      } else if (c == '`' && at > from) {
        word.append(ShellScript.UNKNOWN);
        return at;
      } else if (c == '\n'
          || (!quoted && (ENDS.indexOf(c) >= 0 || c == '<' || c == '>' || c == ' ' || c == '\t'))
          || c == '`') {
        return Math.max(at, from + 1);
      } else {
        word.append(c);
      }
    }
    return at;
  }

  /** After the brace that closes the one at an index. */
  private int closing(int open) {
    int depth = 0;
    for (int at = open; at < end && at - open < MAX_VALUE; at++) {
      char c = text.charAt(at);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return at + 1;
      }
    }
    return Math.min(open + 1, end);
  }

  /** A word with variables replaced; those that are not known by {@link ShellScript#UNKNOWN}. */
  static String expand(String word, Map<String, String> variables) {
    StringBuilder result = new StringBuilder();
    for (int at = 0; at < word.length() && result.length() < MAX_VALUE; at++) {
      char c = word.charAt(at);
      if (c != '$' || at + 1 == word.length()) {
        result.append(c);
        continue;
      }
      boolean braces = word.charAt(at + 1) == '{';
      int from = at + (braces ? 2 : 1);
      int to = from;
      while (to < word.length()
          && Character.isJavaIdentifierPart(word.charAt(to))
          && word.charAt(to) != '$') {
        to++;
        if (!braces && Character.isDigit(word.charAt(from))) {
          break;
        }
      }
      String name = word.substring(from, to);
      int close = braces ? matching(word, at + 1) : to;
      String value = variables.getOrDefault(name, "");
      String operation = braces && close - 1 > to ? word.substring(to, close - 1) : "";
      if (value.isEmpty() && (operation.startsWith(":-") || operation.startsWith(":="))) {
        value = expandOnce(operation.substring(2), variables);
      } else if (value.isEmpty() && (operation.startsWith("-") || operation.startsWith("="))) {
        value = expandOnce(operation.substring(1), variables);
      } else if (!operation.isEmpty() && operation.charAt(0) != ':') {
        value = "";
      }
      if (value.isEmpty()) {
        result.append(ShellScript.UNKNOWN);
      } else {
        result.append(value, 0, Math.min(value.length(), MAX_VALUE - result.length()));
      }
      at = Math.max(at, close - 1);
    }
    return result.length() > MAX_VALUE ? result.substring(0, MAX_VALUE) : result.toString();
  }

  /** A default value with a plain variable in it; not deeper, however deep it goes. */
  private static String expandOnce(String word, Map<String, String> variables) {
    return word.startsWith("$") && word.indexOf('$', 1) < 0 && word.indexOf('{') < 0
        ? expand(word, variables)
        : word.indexOf('$') < 0 ? word : "";
  }

  private static int matching(String word, int open) {
    int depth = 0;
    // as far as closing() looks
    for (int at = open; at < word.length() && at - open < MAX_VALUE; at++) {
      depth += word.charAt(at) == '{' ? 1 : word.charAt(at) == '}' ? -1 : 0;
      if (depth == 0) {
        return at + 1;
      }
    }
    return word.length();
  }
}
