package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python: the modules that every start loads, and those that the program imports. */
final class PythonRule implements EngineRule {
  private static final Pattern PROGRAM = Pattern.compile("python([0-9](\\.[0-9]+)?)?");
  private static final Pattern VERSION = Pattern.compile("python([0-9]+\\.[0-9]+)");

  /** Loaded before a program's first line; newer versions have most of them in the executable. */
  private static final List<String> ALWAYS =
      List.of(
          "encodings",
          "encodings.aliases",
          "encodings.utf_8",
          "encodings.latin_1",
          "encodings.ascii",
          "codecs",
          "io",
          "abc",
          "site",
          "os",
          "stat",
          "posixpath",
          "genericpath",
          "_collections_abc",
          "_sitebuiltins",
          "sitecustomize",
          "usercustomize");

  @Override
  public boolean runs(String program) {
    return PROGRAM.matcher(program).matches();
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    Optional<String> library = library(launch, scan);
    if (library.isEmpty()) {
      return;
    }
    List<String> arguments = launch.arguments();
    int at = 0;
    boolean isolated = false;
    while (at < arguments.size()
        && arguments.get(at).startsWith("-")
        && !arguments.get(at).matches("-[A-Za-z]*[cm]")) {
      isolated |= arguments.get(at).contains("I");
      at += arguments.get(at).matches("-[WX]") ? 2 : 1;
    }
    String option = at < arguments.size() ? arguments.get(at) : "";
    String operand = at + 1 < arguments.size() ? arguments.get(at + 1) : "";
    Optional<Located> script =
        option.isEmpty() || option.startsWith("-")
            ? Optional.empty()
            : scan.view().find(option, launch.directory());
    List<String> path = new ArrayList<>();
    if (!isolated) {
      path.add(
          script
              .map(file -> file.isDirectory() ? file.path() : file.directory())
              .orElse(launch.directory()));
    }
    path.addAll(path(library.get(), launch, scan));
    PythonModules modules = new PythonModules(scan.view(), path, library.get());
    ModuleClosure closure = new ModuleClosure(scan, modules);
    Located here = launch.program();
    for (String name : ALWAYS) {
      closure.module(name, here);
    }
    pathFiles(path, closure, scan);
    if (option.endsWith("c") && option.startsWith("-")) {
      closure
          .as(launch.certainty())
          .text(operand.replace(';', '\n'), new Located(launch.directory() + "/-c", here.node()));
    } else if (option.startsWith("-")) {
      closure.module(operand, here);
      closure.module(operand + ".__main__", here);
    } else if (script.filter(Located::isFile).isPresent()) {
      closure.as(launch.certainty()).file(script.get());
    } else if (script.isPresent()) {
      closure.module("__main__", here);
    }
    // such as a module that a server is to serve, with or without the name of an object in it
    closure.as(Certainty.LIKELY);
    for (String argument :
        arguments.subList(Math.min(at + 1, arguments.size()), arguments.size())) {
      closure.module(argument.split(":", 2)[0], here);
    }
    for (String value : scan.environment().values()) {
      if (value.length() < 200 && value.contains(".")) {
        closure.module(value, here);
      }
    }
    if (script.isPresent()) {
      installed(script.get(), path, closure, scan);
      if (at + 1 < arguments.size() && script.get().name().matches("manage\\.py|django-admin.*")) {
        closure.module("django.core.management.commands." + arguments.get(at + 1), here);
      }
    }
    closure.possible();
    // it opens every zone, to know which there are
    if (closure.has("/pytz/")) {
      zones("/usr/share/zoneinfo", scan, 0);
    }
  }

  private static void zones(String directory, StartScan scan, int depth) throws IOException {
    for (String name : scan.view().list(directory)) {
      Optional<Located> zone = scan.view().find(name, directory);
      if (zone.filter(Located::isFile).isPresent()) {
        scan.found().add(Candidate.whole(zone.get(), Certainty.POSSIBLE));
      } else if (zone.isPresent() && depth < 2 && !name.equals("right") && !name.equals("posix")) {
        zones(zone.get().path(), scan, depth + 1);
      }
    }
  }

  /** A script that an installer made says only by its own name which module it calls. */
  private static void installed(
      Located script, List<String> path, ModuleClosure closure, StartScan scan) throws IOException {
    if (!script.directory().endsWith("/bin")) {
      return;
    }
    Pattern entry =
        Pattern.compile("(?m)^" + Pattern.quote(script.name()) + "\\s*+=\\s*+([\\w.]++)");
    for (String directory : path) {
      for (String name : List.of("PKG-INFO", "METADATA")) {
        for (Located file : Globs.expand(scan.view(), directory + "/*-info/" + name, "/")) {
          scan.found().add(Candidate.whole(file, Certainty.POSSIBLE));
        }
      }
      for (Located file : Globs.expand(scan.view(), directory + "/*-info/entry_points.txt", "/")) {
        Matcher module = entry.matcher(scan.view().text(file, 64 << 10));
        if (module.find()) {
          scan.read(file, Certainty.LIKELY);
          closure.module(module.group(1), script);
        }
      }
    }
  }

  /** The directory of the standard library. */
  private static Optional<String> library(Launch launch, StartScan scan) throws IOException {
    Matcher version = VERSION.matcher(launch.program().name());
    for (String prefix :
        List.of(Located.parent(launch.program().directory()), "/usr/local", "/usr")) {
      for (String name : scan.view().list(prefix + "/lib")) {
        boolean right =
            version.matches()
                ? name.equals(launch.program().name())
                : VERSION.matcher(name).matches();
        if (right && scan.view().file("os.py", prefix + "/lib/" + name).isPresent()) {
          return Optional.of(prefix + "/lib/" + name);
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> path(String library, Launch launch, StartScan scan)
      throws IOException {
    List<String> path = new ArrayList<>(scan.directories("PYTHONPATH"));
    path.add(library);
    path.add(library + "/lib-dynload");
    String version = library.substring(library.lastIndexOf('/') + 1);
    String environment = Located.parent(Located.parent(launch.invoked()));
    if (scan.view().file("pyvenv.cfg", environment).isPresent()) {
      scan.read(environment + "/pyvenv.cfg", Certainty.LIKELY);
      path.add(environment + "/lib/" + version + "/site-packages");
    }
    path.add("/usr/local/lib/" + version + "/dist-packages");
    path.add(library + "/site-packages");
    path.add(library + "/dist-packages");
    path.add("/usr/lib/python3/dist-packages");
    return path;
  }

  /** Files that add directories to the path, or import something, in every start. */
  private static void pathFiles(List<String> path, ModuleClosure closure, StartScan scan)
      throws IOException {
    for (String directory : path) {
      if (!directory.endsWith("-packages")) {
        continue;
      }
      for (Located file : Globs.expand(scan.view(), directory + "/*.pth", "/")) {
        closure.file(file);
      }
    }
  }
}
