package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** All modules that a program loads, and that they load in turn. For one thread. */
final class ModuleClosure {
  private static final int MAX_SOURCE = 1 << 20;
  private static final int MAX_MODULES = 8_000;
  private static final int MAX_NAMES = 100_000;

  private final StartScan scan;
  private final ModuleLanguage language;
  private final Deque<ModuleLanguage.Module> waiting = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();
  private final Set<String> asked = new HashSet<>();
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
    names(text, from);
    drain();
  }

  /** Follows a file, which is read itself. */
  void file(Located file) throws IOException {
    add(ModuleLanguage.Module.of(file));
    drain();
  }

  /** Follows a module. */
  void module(String name, Located from) throws IOException {
    name(name, from);
    drain();
  }

  private void drain() throws IOException {
    while (!waiting.isEmpty()) {
      ModuleLanguage.Module module = waiting.pop();
      // what is compiled to machine code names no modules
      if (scan.libraries().parse(module.source()).isEmpty()) {
        names(scan.view().text(module.source(), MAX_SOURCE), module.source());
      }
    }
  }

  private void names(String text, Located from) throws IOException {
    for (String name : language.imports(text, from)) {
      name(name, from);
    }
  }

  private void name(String name, Located from) throws IOException {
    if (asked.size() < MAX_NAMES && asked.add(name + " " + from.directory())) {
      for (ModuleLanguage.Module module : language.locate(name, from)) {
        add(module);
      }
    }
  }

  private void add(ModuleLanguage.Module module) throws IOException {
    if (seen.size() < MAX_MODULES && seen.add(module.read().path())) {
      scan.read(module.read(), certainty);
      waiting.add(module);
    }
  }
}
