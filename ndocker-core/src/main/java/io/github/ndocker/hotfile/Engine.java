package io.github.ndocker.hotfile;

import java.util.regex.Pattern;

/**
 * Software that runs applications, and how it is known in commands. Immutable.
 *
 * @param name as a person calls it
 * @param packages matches the whole name of a package that holds the engine itself, not of one that
 *     only holds a library for it
 * @param downloads matches somewhere in a command that fetches the engine without a package manager
 */
record Engine(String name, Pattern packages, Pattern downloads) {
  static Engine of(String name, String packages, String downloads) {
    return new Engine(name, Pattern.compile(packages), Pattern.compile(downloads));
  }
}
