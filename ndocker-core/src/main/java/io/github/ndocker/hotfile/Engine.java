package io.github.ndocker.hotfile;

import java.util.regex.Pattern;

/**
 * Software that runs applications, and how it is known. Immutable.
 *
 * @param name as a person calls it
 * @param packages matches the whole name of a package that holds the engine itself, not of one that
 *     only holds a library for it
 * @param downloads matches somewhere in a command that fetches the engine without a package manager
 * @param programs matches the whole name of its main program, in a directory for programs
 */
record Engine(String name, Pattern packages, Pattern downloads, Pattern programs) {
  static Engine of(String name, String packages, String downloads, String programs) {
    return new Engine(
        name, Pattern.compile(packages), Pattern.compile(downloads), Pattern.compile(programs));
  }
}
