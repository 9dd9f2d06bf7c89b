package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The Erlang machine: its programs, its libraries, and the releases that scripts start with it. */
final class ErlangRule implements EngineRule {
  private static final Set<String> PROGRAMS = Set.of("erl", "erlexec", "beam.smp", "escript");
  private static final List<String> ROOTS =
      List.of("/usr/lib/erlang", "/usr/local/lib/erlang", "/opt/erlang/lib/erlang");

  /** Applications that every start loads, and those that servers use. */
  private static final List<String> ALWAYS = List.of("kernel", "stdlib");

  private static final List<String> OFTEN =
      List.of(
          "compiler",
          "crypto",
          "sasl",
          "ssl",
          "public_key",
          "os_mon",
          "mnesia",
          "inets",
          "syntax_tools",
          "xmerl",
          "asn1");

  @Override
  public boolean runs(String program) {
    return PROGRAMS.contains(program);
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    for (String root : ROOTS) {
      if (scan.view().find(root).isEmpty() || !scan.first("erlang " + root)) {
        continue;
      }
      for (String pattern :
          List.of(
              "/erts-*/bin/beam.smp",
              "/erts-*/bin/erlexec",
              "/erts-*/bin/erl_child_setup",
              "/erts-*/bin/inet_gethost",
              "/erts-*/bin/epmd",
              "/bin/erl",
              "/erts-*/bin/escript")) {
        for (Located file : Globs.expand(scan.view(), root + pattern, "/")) {
          scan.run(List.of(file.path()), launch.directory(), Certainty.LIKELY);
        }
      }
      for (String pattern : List.of("/bin/*.boot", "/releases/*/*.boot", "/releases/*")) {
        for (Located file : Globs.expand(scan.view(), root + pattern, "/")) {
          scan.read(file, Certainty.POSSIBLE);
        }
      }
      for (String application : ALWAYS) {
        application(root + "/lib/" + application + "-*", Certainty.LIKELY, scan);
      }
      for (String application : OFTEN) {
        application(root + "/lib/" + application + "-*", Certainty.POSSIBLE, scan);
      }
    }
    for (String home : scan.scriptHomes()) {
      application(home + "/plugins/*", Certainty.POSSIBLE, scan);
      application(home + "/lib/*", Certainty.POSSIBLE, scan);
      for (Located archive : Globs.expand(scan.view(), home + "/plugins/*.ez", "/")) {
        scan.read(archive, Certainty.LIKELY);
      }
      for (Located archive : Globs.expand(scan.view(), home + "/escript/*", "/")) {
        scan.read(archive, Certainty.POSSIBLE);
      }
    }
  }

  private static void application(String directory, Certainty certainty, StartScan scan)
      throws IOException {
    for (Located file : Globs.expand(scan.view(), directory + "/ebin/*", "/")) {
      scan.read(file, certainty);
    }
    for (Located file : Globs.expand(scan.view(), directory + "/priv/lib/*.so", "/")) {
      scan.read(file, Certainty.POSSIBLE);
    }
  }
}
