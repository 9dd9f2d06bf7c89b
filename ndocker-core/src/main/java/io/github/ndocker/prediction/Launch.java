package io.github.ndocker.prediction;

import java.util.List;

/**
 * A program that is started. Immutable.
 *
 * @param program its file
 * @param invoked the path it was found under, which may be a link
 * @param arguments without the program itself
 * @param directory where it starts, without links
 * @param certainty how sure it is that it starts
 */
record Launch(
    Located program,
    String invoked,
    List<String> arguments,
    String directory,
    Certainty certainty) {
  Launch {
    arguments = List.copyOf(arguments);
  }
}
