package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a shell script may start and read: the words where a command stands, files that it sources,
 * and paths that it names, as far as they exist in the image. Both branches of an {@code if} are
 * taken. For one thread.
 */
final class ShellScript {
  static final int MAX_LENGTH = 512 << 10;
  private static final int MAX_WORDS = 100_000;
  private static final int MAX_WORD = 4_096;
  private static final int MAX_SOURCED = 200;
  private static final int MAX_DIRECTORY = 64;

  /** Characters of one command; real ones have a few thousand, and Linux takes two million. */
  private static final int MAX_COMMAND = 256 << 10;

  /** Characters of all assignments. */
  private static final int MAX_ASSIGNED = 4 << 20;

  /** After these a command stands. */
  private static final Set<String> BEFORE_COMMANDS =
      Set.of(
          "if", "then", "else", "elif", "do", "while", "until", "!", "{", "exec", "command", "time",
          "eval", "trap", "coproc");

  /** What the shell does itself, though most images have programs of these names too. */
  private static final Set<String> BUILTINS =
      Set.of(
          "echo",
          "printf",
          "test",
          "[",
          "[[",
          "true",
          "false",
          "cd",
          "pwd",
          "kill",
          "set",
          "unset",
          "export",
          "local",
          "readonly",
          "declare",
          "typeset",
          "shift",
          "return",
          "exit",
          "break",
          "continue",
          "read",
          "umask",
          "ulimit",
          "wait",
          "type",
          "getopts",
          "let",
          "alias",
          "case",
          "esac",
          "for",
          "fi",
          "done",
          "in",
          "function",
          "select",
          "}",
          "]",
          "]]",
          ":",
          "shopt",
          "hash",
          "times",
          "builtin",
          "unalias",
          "bg",
          "fg",
          "jobs");

  private final StartScan scan;
  private final Launch launch;
  private final List<String> positional;
  private final String home;
  private final Map<String, String> variables = new HashMap<>();
  private int sourced;
  private int words;
  private int assigned;

  /**
   * A script.
   *
   * @param positional its name, for {@code $0}, and its arguments
   */
  ShellScript(StartScan scan, Launch launch, List<String> positional) throws IOException {
    this.scan = scan;
    this.launch = launch;
    this.positional = positional;
    String self = positional.isEmpty() ? "" : positional.get(0);
    this.home =
        scan.view()
            .file(scan.which(self, launch.directory()).orElse(self), launch.directory())
            .map(Located::directory)
            .orElse(launch.directory());
    scan.ranScriptIn(home);
    variables.putAll(scan.environment());
    for (int i = 0; i < Math.min(10, positional.size()); i++) {
      variables.put(String.valueOf(i), positional.get(i));
    }
  }

  /** Scans a text. */
  void scan(String text) throws IOException {
    List<String> line = new ArrayList<>();
    for (String word : new ShellWords(text, MAX_LENGTH)) {
      if (words++ > MAX_WORDS) {
        return;
      }
      if (word.equals(ShellWords.END)) {
        command(line);
        line.clear();
      } else {
        line.add(word.length() > MAX_WORD ? word.substring(0, MAX_WORD) : word);
      }
    }
    command(line);
  }

  /** One simple command: assignments, a name, its words. */
  private void command(List<String> raw) throws IOException {
    int at = 0;
    while (at < raw.size() && (BEFORE_COMMANDS.contains(raw.get(at)) || assigns(raw.get(at)))) {
      at++;
    }
    if (at < raw.size()
        && (raw.get(at).equals("export")
            || raw.get(at).equals("local")
            || raw.get(at).equals("readonly")
            || raw.get(at).equals("declare"))) {
      for (String word : raw.subList(at + 1, raw.size())) {
        assigns(word);
      }
    }
    List<String> command = new ArrayList<>();
    int characters = 0;
    for (String word : raw.subList(at, raw.size())) {
      if (command.size() >= StartScan.MAX_ARGUMENTS || characters >= MAX_COMMAND) {
        break;
      }
      if (word.equals("$@")
          || word.equals("$*")
          || word.startsWith("${@")
          || word.startsWith("${1+")) {
        if (positional.size() > 1) {
          command.addAll(positional.subList(1, positional.size()));
        }
      } else {
        String expanded = expand(word);
        characters += expanded.length();
        command.add(expanded);
      }
    }
    if (command.isEmpty()) {
      return;
    }
    String name = command.get(0);
    if (name.equals(".") || name.equals("source")) {
      if (command.size() > 1) {
        source(command.get(1));
      }
      return;
    }
    if (name.equals("set") && command.size() > 2 && command.get(1).equals("--")) {
      start(command.subList(2, command.size()));
    } else if (!BUILTINS.contains(name) && !name.endsWith(")")) {
      start(command);
    }
    mentioned(command.subList(1, command.size()));
  }

  /** Starts a command that exists. */
  private void start(List<String> command) throws IOException {
    Optional<String> program = known(command.get(0), false);
    if (program.isPresent()) {
      List<String> resolved = new ArrayList<>(command);
      resolved.set(0, program.get());
      scan.run(resolved, launch.directory(), launch.certainty().and(Certainty.LIKELY));
    }
  }

  /** The path of a program, with what is unknown of it guessed. */
  private Optional<String> known(String word, boolean sourcing) throws IOException {
    int unknown = word.lastIndexOf(UNKNOWN);
    if (unknown < 0) {
      Optional<String> there = scan.which(word, launch.directory());
      // a wrong guess of a directory is none of a program
      return there.isPresent() || !word.contains("/bin/") || sourcing
          ? there
          : scan.which(word.substring(word.lastIndexOf('/') + 1), launch.directory());
    }
    String rest = word.substring(unknown + 1);
    if (!rest.startsWith("/")) {
      return Optional.empty();
    }
    // beside the script, or in the directory above, as in bin/ and lib/ of one directory
    for (String base : List.of(home, Located.parent(home))) {
      Optional<Located> file = scan.view().file(base + rest, "/");
      if (file.isPresent()) {
        return Optional.of(base + rest);
      }
    }
    return rest.contains("/bin/")
        ? scan.which(rest.substring(rest.lastIndexOf('/') + 1), launch.directory())
        : Optional.empty();
  }

  /** A script that is read into this one. */
  private void source(String word) throws IOException {
    Optional<String> path =
        word.indexOf(UNKNOWN) < 0 && word.contains("/") ? Optional.of(word) : known(word, true);
    Optional<Located> file =
        path.isPresent() ? scan.view().file(path.get(), launch.directory()) : Optional.empty();
    if (file.isPresent() && sourced < MAX_SOURCED) {
      sourced++;
      boolean fresh = scan.first("sourced " + file.get().path(), positional);
      scan.found().add(Candidate.whole(file.get(), launch.certainty().and(Certainty.LIKELY)));
      if (fresh) {
        scan(scan.view().text(file.get(), MAX_LENGTH));
      }
    }
  }

  /** Files that a command is given. */
  private void mentioned(List<String> arguments) throws IOException {
    for (String word : arguments) {
      String path = word.startsWith("/") ? word : word.substring(word.indexOf('=') + 1);
      if (!path.startsWith("/") || path.indexOf(UNKNOWN) >= 0 || path.length() < 3) {
        continue;
      }
      List<Located> files = new ArrayList<>();
      if (path.indexOf('*') >= 0) {
        files.addAll(Globs.expand(scan.view(), path, "/"));
      } else {
        Optional<Located> one = scan.view().find(path);
        if (one.filter(Located::isFile).isPresent()) {
          files.add(one.get());
        } else if (one.isPresent() && scan.view().list(one.get()).size() <= MAX_DIRECTORY) {
          files.addAll(Globs.expand(scan.view(), path + "/*", "/"));
        }
      }
      for (Located file : files.subList(0, Math.min(files.size(), MAX_DIRECTORY))) {
        if (file.name().toLowerCase(Locale.ROOT).endsWith(".sh")) {
          scan.run(List.of(file.path()), launch.directory(), Certainty.LIKELY);
        } else {
          scan.read(file, launch.certainty().and(Certainty.POSSIBLE));
        }
      }
    }
  }

  /** Remembers an assignment; false if the word is none. */
  private boolean assigns(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0 || !Character.isJavaIdentifierStart(word.charAt(0))) {
      return false;
    }
    for (int i = 1; i < equals; i++) {
      if (!Character.isJavaIdentifierPart(word.charAt(i))) {
        return false;
      }
    }
    if (assigned >= MAX_ASSIGNED) {
      return true;
    }
    String value = expand(word.substring(equals + 1));
    String name = word.substring(0, equals);
    // whoever starts the container knows better than a default; and a later value that nobody knows
    // is most likely made of the one before
    if (!scan.environment().containsKey(name)
        && (value.indexOf(UNKNOWN) < 0 || !variables.containsKey(name))) {
      assigned += name.length() + value.length();
      variables.put(name, value);
    }
    return true;
  }

  /** Stands for a value that is known only when the script runs. */
  static final char UNKNOWN = '\0';

  private String expand(String word) {
    // quotation marks inside of others are there for eval, or for nobody
    return ShellWords.expand(word, variables).replace("\"", "");
  }
}
