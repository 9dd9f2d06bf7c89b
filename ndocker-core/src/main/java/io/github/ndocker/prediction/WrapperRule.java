package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Programs that start another one, which their arguments name. */
final class WrapperRule implements EngineRule {
  /** How many words come before the command, besides options and assignments. */
  private static final Map<String, Integer> WORDS_BEFORE =
      Map.ofEntries(
          Map.entry("env", 0),
          Map.entry("nice", 0),
          Map.entry("nohup", 0),
          Map.entry("setsid", 0),
          Map.entry("stdbuf", 0),
          Map.entry("tini", 0),
          Map.entry("tini-static", 0),
          Map.entry("dumb-init", 0),
          Map.entry("catatonit", 0),
          Map.entry("docker-init", 0),
          Map.entry("ionice", 0),
          Map.entry("numactl", 0),
          Map.entry("time", 0),
          Map.entry("timeout", 1),
          Map.entry("gosu", 1),
          Map.entry("su-exec", 1),
          Map.entry("setpriv", 0),
          Map.entry("chroot", 1),
          Map.entry("runuser", 0),
          Map.entry("sudo", 0),
          Map.entry("xargs", 0));

  static boolean isWrapper(String name) {
    return WORDS_BEFORE.containsKey(name);
  }

  @Override
  public boolean runs(String program) {
    return isWrapper(program);
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    String name = launch.invoked().substring(launch.invoked().lastIndexOf('/') + 1);
    Integer before = WORDS_BEFORE.get(name);
    int skip = before == null ? WORDS_BEFORE.getOrDefault(launch.program().name(), 0) : before;
    List<String> arguments = launch.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      int equals = word.indexOf('=');
      if (word.equals("-S") || word.equals("-s") || word.equals("-g") || word.equals("--")) {
        continue;
      }
      if (word.startsWith("-S") && name.equals("env")) {
        scan.run(
            List.of(word.substring(2).strip().split("\\s+", 20)),
            launch.directory(),
            launch.certainty());
        return;
      }
      if (word.startsWith("-") || (equals > 0 && word.indexOf('/') != 0)) {
        continue;
      }
      if (skip > 0) {
        skip--;
        continue;
      }
      // what an option takes is no program; then the next word may be one
      if (scan.which(word, launch.directory()).isPresent()) {
        scan.run(arguments.subList(i, arguments.size()), launch.directory(), launch.certainty());
        return;
      }
    }
  }
}
