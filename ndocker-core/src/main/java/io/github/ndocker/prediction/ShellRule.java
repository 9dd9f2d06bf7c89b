package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Shells: their scripts, and commands given with {@code -c}. */
final class ShellRule implements EngineRule {
  private static final List<String> NAMES =
      List.of("sh", "bash", "dash", "ash", "ksh", "zsh", "mksh", "busybox");

  @Override
  public boolean runs(String program) {
    return NAMES.contains(program);
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    List<String> arguments = launch.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("-o") || argument.equals("+o")) {
        i++;
      } else if (argument.startsWith("-") && argument.length() > 1 && argument.endsWith("c")) {
        if (i + 1 < arguments.size()) {
          List<String> positional =
              i + 2 < arguments.size() ? arguments.subList(i + 2, arguments.size()) : List.of();
          new ShellScript(scan, launch, positional).scan(arguments.get(i + 1));
        }
        return;
      } else if (!argument.startsWith("-")) {
        script(launch, arguments.subList(i, arguments.size()), scan);
        return;
      }
    }
  }

  private static void script(Launch launch, List<String> words, StartScan scan) throws IOException {
    Optional<String> path = scan.which(words.get(0), launch.directory());
    Optional<Located> file =
        path.isPresent() ? scan.view().file(path.get(), "/") : Optional.empty();
    if (file.isPresent()) {
      scan.found().add(Candidate.whole(file.get(), launch.certainty()));
      new ShellScript(scan, launch, words)
          .scan(scan.view().text(file.get(), ShellScript.MAX_LENGTH));
    }
  }
}
