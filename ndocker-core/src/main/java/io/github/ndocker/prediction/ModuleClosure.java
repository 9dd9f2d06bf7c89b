package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** All modules that a program loads, and that they load in turn. For one thread. */
final class ModuleClosure {
  private static final int MAX_SOURCE = 1 << 20;
  private static final int MAX_MODULES = 8_000;
  private static final int MAX_NAMES = 100_000;

  /** Of the names and of the directories that they are named in. */
  private static final int MAX_CHARACTERS = 16 << 20;

  /** What some starts load is searched only so far. */
  private static final int MAX_POSSIBLE = 1_500;

  private final StartScan scan;
  private final ModuleLanguage language;

  /** Modules whose own names are not followed yet. */
  private final Deque<ModuleLanguage.Module> waiting = new ArrayDeque<>();

  /** The same of those that only some starts load; they come last. */
  private final Deque<ModuleLanguage.Module> waitingPossible = new ArrayDeque<>();

  private final Set<String> seen = new HashSet<>();
  private final Remembered<String> asked = new Remembered<>(MAX_NAMES, MAX_CHARACTERS);
  private int possible;
  private Certainty certainty = Certainty.LIKELY;

  ModuleClosure(StartScan scan, ModuleLanguage language) {
    this.scan = scan;
    this.language = language;
  }

  /** What is loaded from here on is as sure as that. */
  ModuleClosure as(Certainty sure) {
    certainty = sure;
    return this;
  }

  /** Follows the text of a program. */
  void text(String text, Located from) throws IOException {
    names(text, from, certainty);
    drain();
  }

  /** Follows a file, which is read itself. */
  void file(Located file) throws IOException {
    add(ModuleLanguage.Module.of(file), certainty);
    drain();
  }

  /** Follows a module. */
  void module(String name, Located from) throws IOException {
    name(name, from, certainty);
    drain();
  }

  /** Follows what only some starts load, after all else. */
  void possible() throws IOException {
    while (!waitingPossible.isEmpty() && possible++ < MAX_POSSIBLE) {
      names(waitingPossible.pop(), Certainty.POSSIBLE);
      while (!waiting.isEmpty()) {
        names(waiting.pop(), Certainty.POSSIBLE);
      }
    }
  }

  /** Whether a file was loaded whose path has something in it. */
  boolean has(String part) {
    return seen.stream().anyMatch(path -> path.contains(part));
  }

  private void drain() throws IOException {
    while (!waiting.isEmpty()) {
      names(waiting.pop(), certainty);
    }
  }

  private void names(ModuleLanguage.Module module, Certainty sure) throws IOException {
    Optional<Located> source = module.source();
    // what is compiled to machine code names no modules
    if (source.isPresent() && scan.libraries().parse(source.get()).isEmpty()) {
      names(scan.view().text(source.get(), MAX_SOURCE), source.get(), sure);
    }
  }

  private void names(String text, Located from, Certainty sure) throws IOException {
    for (String name : language.imports(text, from)) {
      if (name.startsWith(ModuleLanguage.POSSIBLE)) {
        name(name.substring(1), from, Certainty.POSSIBLE);
      } else {
        name(name, from, sure);
      }
    }
  }

  private void name(String name, Located from, Certainty sure) throws IOException {
    boolean sureNow = sure != Certainty.POSSIBLE;
    if (!sureNow && asked.contains(true + " " + name + " " + from.directory())) {
      return;
    }
    String question = sureNow + " " + name + " " + from.directory();
    if (asked.add(question, question.length())) {
      for (ModuleLanguage.Module module : language.locate(name, from)) {
        add(module, sure);
      }
    }
  }

  private void add(ModuleLanguage.Module module, Certainty sure) throws IOException {
    boolean sureNow = sure != Certainty.POSSIBLE;
    if (!sureNow && seen.contains(true + module.read().path())) {
      return;
    }
    if (seen.size() < MAX_MODULES && seen.add(sureNow + module.read().path())) {
      scan.read(module.read(), sure);
      (sureNow ? waiting : waitingPossible).add(module);
    }
  }
}
