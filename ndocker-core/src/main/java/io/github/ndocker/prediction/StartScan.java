package io.github.ndocker.prediction;

import io.github.ndocker.api.StartCommand;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Follows a start through the image: the program, what it is linked with, what interprets it, what
 * it starts in turn. For one thread.
 */
final class StartScan {
  private static final int MAX_LAUNCHES = 2_000;
  private static final int MAX_SEARCHES = 40_000;
  private static final int MAX_DONE = 100_000;
  static final int MAX_ARGUMENTS = 2_000;

  /** Of the words of all starts; those of an image's own command are 4 MiB at most. */
  private static final int MAX_CHARACTERS = 16 << 20;

  private static final int MAX_INTERPRETER_LINE = 4_096;
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final List<EngineRule> RULES = EngineRules.ALL;
  private static final Pattern INTERPRETER = Pattern.compile("#![ \t]*+(\\S++)[ \t]*+([^\n]*+)");

  /** Where a program starts, before its interpreter is known. */
  private record Start(List<String> words, String directory, Certainty certainty) {}

  /** What was done, and with which words of a start. */
  private record Done(String what, List<String> words) {}

  private final ImageView view;
  private final Candidates found = new Candidates();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> path;
  private final String directory;
  private final SharedLibraries libraries;
  private final Deque<Start> waiting = new ArrayDeque<>();
  private final Remembered<Start> seen = new Remembered<>(MAX_LAUNCHES, MAX_CHARACTERS);
  private final Remembered<Done> done = new Remembered<>(MAX_DONE, MAX_CHARACTERS);
  private int searches;
  private final Set<String> homes = new LinkedHashSet<>();

  StartScan(ImageView view, StartCommand command) throws IOException {
    this.view = view;
    for (String variable : command.environment()) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    this.path = List.of(environment.getOrDefault("PATH", USUAL_PATH).split(":", 100));
    this.directory =
        view.find("/" + command.workingDirectory())
            .filter(Located::isDirectory)
            .map(Located::path)
            .orElse("/");
    this.libraries = new SharedLibraries(view, found, environment);
  }

  ImageView view() {
    return view;
  }

  Candidates found() {
    return found;
  }

  SharedLibraries libraries() {
    return libraries;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** A variable of the environment, or nothing. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** The absolute directories that a variable of the environment lists. */
  List<String> directories(String name) {
    return Stream.of(variable(name).split(":", 100))
        .filter(directory -> directory.startsWith("/"))
        .toList();
  }

  /** Follows a command and all that it starts. */
  void follow(List<String> command) throws IOException {
    run(command, directory, Certainty.CERTAIN);
    while (!waiting.isEmpty()) {
      launch(waiting.pop());
    }
  }

  /** A program that is started somewhen later, with its arguments. */
  void run(List<String> words, String where, Certainty certainty) {
    Start start =
        new Start(
            List.copyOf(words.subList(0, Math.min(words.size(), MAX_ARGUMENTS))), where, certainty);
    long characters = start.words.stream().mapToLong(String::length).sum();
    if (!words.isEmpty() && seen.add(start, characters)) {
      waiting.add(start);
    }
  }

  /** Adds a file that is read as a whole; what it is linked with, if it is a library. */
  void read(Located file, Certainty certainty) throws IOException {
    if (!file.isFile() || libraries.add(file, certainty)) {
      return;
    }
    found.add(Candidate.whole(file, certainty));
  }

  /** Adds a file, if there is one. */
  void read(String name, Certainty certainty) throws IOException {
    Optional<Located> file = view.file(name, directory);
    if (file.isPresent()) {
      read(file.get(), certainty);
    }
  }

  /** Directories that scripts which ran lie in, and the ones above, but for those of the system. */
  List<String> scriptHomes() {
    return homes.stream().limit(20).toList();
  }

  /** Directories that the environment names, but for those of the system. */
  List<String> directoriesOfEnvironment() throws IOException {
    List<String> directories = new ArrayList<>();
    for (String value : environment.values()) {
      Optional<Located> there = value.startsWith("/") ? view.find(value) : Optional.empty();
      if (there.filter(Located::isDirectory).isPresent()
          && directories.size() < 20
          && !ProgramFilesRule.EVERYBODYS.contains(there.get().path())) {
        directories.add(there.get().path());
      }
    }
    return directories;
  }

  /** A script runs that lies in a directory. */
  void ranScriptIn(String place) {
    for (String home : List.of(place, Located.parent(place))) {
      if (!ProgramFilesRule.EVERYBODYS.contains(home)) {
        homes.add(home);
      }
    }
  }

  /** Whether another guess may be looked up; not any more after very many. */
  boolean maySearch() {
    return searches++ < MAX_SEARCHES;
  }

  /** Whether something is done for the first time; not any more after very many. */
  boolean first(String what) {
    return first(what, List.of());
  }

  /**
   * The same of something that is done once with each list of words.
   *
   * @param words of a start, which are kept in any case
   */
  boolean first(String what, List<String> words) {
    return done.add(new Done(what, words), what.length());
  }

  /** A program as {@code execvp} finds it; the path it was found under. */
  Optional<String> which(String name, String where) throws IOException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (name.contains("/")) {
      String full = name.startsWith("/") ? name : where + "/" + name;
      return view.file(full, "/").map(file -> full);
    }
    for (String place : path) {
      String full = (place.startsWith("/") ? place : where + "/" + place) + "/" + name;
      if (view.file(full, "/").filter(file -> file.node().executable()).isPresent()) {
        return Optional.of(full);
      }
    }
    return Optional.empty();
  }

  private void launch(Start start) throws IOException {
    Optional<String> where = which(start.words.get(0), start.directory);
    if (where.isEmpty()) {
      return;
    }
    Located program = view.file(where.get(), "/").orElseThrow();
    Launch launch =
        new Launch(
            program,
            where.get(),
            start.words.subList(1, start.words.size()),
            start.directory,
            start.certainty);
    if (!libraries.add(program, start.certainty) && libraries.parse(program).isEmpty()) {
      script(launch);
      return;
    }
    String invoked = where.get().substring(where.get().lastIndexOf('/') + 1);
    for (EngineRule rule : RULES) {
      if (rule.runs(invoked) || rule.runs(program.name())) {
        rule.predict(launch, this);
      }
    }
  }

  /** A file with an interpreter, or one for the shell. */
  private void script(Launch launch) throws IOException {
    found.add(Candidate.whole(launch.program(), launch.certainty()));
    Matcher line = INTERPRETER.matcher(view.text(launch.program(), MAX_INTERPRETER_LINE));
    List<String> words = new ArrayList<>();
    if (line.lookingAt()) {
      words.add(line.group(1));
      String option = line.group(2).strip();
      if (option.startsWith("-S")) {
        words.addAll(List.of(option.substring(2).strip().split("\\s+", 20)));
      } else if (!option.isEmpty()) {
        words.add(option);
      }
    } else {
      words.add("/bin/sh");
    }
    words.add(launch.invoked());
    words.addAll(launch.arguments());
    run(words, launch.directory(), launch.certainty());
  }
}
