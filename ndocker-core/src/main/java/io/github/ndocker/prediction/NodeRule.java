package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Node.js: what a program requires, and parts of Node.js that distributions ship as files. */
final class NodeRule implements EngineRule {
  private static final Set<String> PROGRAMS = Set.of("node", "nodejs");

  /** Debian builds Node.js with these outside of the executable, and every start loads them. */
  private static final List<String> OUTSIDE =
      List.of(
          "/usr/share/nodejs/undici/undici-fetch.js",
          "/usr/share/nodejs/acorn/dist/acorn.js",
          "/usr/share/nodejs/acorn-walk/dist/walk.js",
          "/usr/share/nodejs/cjs-module-lexer/lexer.js",
          "/usr/share/nodejs/cjs-module-lexer/dist/lexer.js");

  @Override
  public boolean runs(String program) {
    return PROGRAMS.contains(program);
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    for (String path : OUTSIDE) {
      scan.read(path, Certainty.LIKELY);
    }
    List<String> global = new ArrayList<>(scan.directories("NODE_PATH"));
    global.add("/usr/local/lib/node_modules");
    global.add("/usr/lib/node_modules");
    global.addAll(Globs.directories(scan.view(), "/usr/lib/*/nodejs"));
    global.add("/usr/lib/nodejs");
    global.add("/usr/share/nodejs");
    ModuleClosure closure =
        new ModuleClosure(scan, new NodeModules(scan.view(), global)).as(launch.certainty());
    List<String> arguments = launch.arguments();
    Located here = new Located(launch.directory() + "/-", launch.program().node());
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (Set.of("-e", "--eval", "-p", "--print", "-pe").contains(argument)) {
        closure.text(i + 1 < arguments.size() ? arguments.get(++i) : "", here);
      } else if (Set.of("-r", "--require", "--import", "--loader").contains(argument)) {
        closure.module(i + 1 < arguments.size() ? arguments.get(++i) : "", here);
      } else if (!argument.startsWith("-")) {
        closure.module(argument.startsWith("/") ? argument : "./" + argument, here);
        described(argument, launch, scan);
        return;
      }
    }
  }

  /** The descriptions above a program say what kind of module it is. */
  private static void described(String program, Launch launch, StartScan scan) throws IOException {
    Optional<Located> file = scan.view().find(program, launch.directory());
    String place = file.map(Located::directory).orElse("/");
    for (int up = 0; up < 64; up++, place = Located.parent(place)) {
      scan.read(place + "/package.json", Certainty.POSSIBLE);
      scan.read(place + "/.env", Certainty.POSSIBLE);
      if (place.equals("/")) {
        return;
      }
    }
  }
}
