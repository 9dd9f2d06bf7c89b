package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tools of Go: what {@code go run} and {@code go build} start, and the packages they read. */
final class GoRule implements EngineRule {
  private static final Pattern IMPORTS =
      Pattern.compile("(?m)^import\\s*+(?:\\(([^)]{0,8000}+)\\)|(?:\\w+\\s+)?\"([^\"]{1,200})\")");
  private static final Pattern NAME = Pattern.compile("\"([^\"\\n]{1,200})\"");
  private static final Pattern OTHER_SYSTEM =
      Pattern.compile(
          ".*_(test|windows|darwin|freebsd|netbsd|openbsd|plan9|solaris|js|wasm|aix|dragonfly|"
              + "illumos|android|ios|386|arm|arm64|mips|mipsx|mips64x?|ppc64x?|riscv64|s390x|loong64)\\.(go|s)");

  @Override
  public boolean runs(String program) {
    return program.equals("go");
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    List<String> arguments = launch.arguments();
    if (arguments.isEmpty()
        || !Set.of("run", "build", "test", "install", "vet").contains(arguments.get(0))) {
      return;
    }
    String root = root(launch, scan);
    for (String tool : List.of("compile", "asm", "link", "buildid", "cgo")) {
      for (Located file : Globs.expand(scan.view(), root + "/pkg/tool/*/" + tool, "/")) {
        scan.run(
            List.of(file.path()),
            launch.directory(),
            tool.equals("cgo") ? Certainty.POSSIBLE : launch.certainty());
      }
    }
    scan.read(root + "/VERSION", Certainty.LIKELY);
    scan.read(root + "/go.env", Certainty.LIKELY);
    for (Located file : Globs.expand(scan.view(), root + "/pkg/include/*.h", "/")) {
      scan.read(file, Certainty.LIKELY);
    }
    ModuleClosure closure = new ModuleClosure(scan, new Packages(scan.view(), root));
    closure.module("runtime", launch.program());
    closure.as(launch.certainty());
    for (String argument : arguments.subList(1, arguments.size())) {
      Optional<Located> file = scan.view().find(argument, launch.directory());
      if (file.filter(Located::isFile).isPresent()) {
        closure.file(file.get());
      } else if (file.isPresent()) {
        for (Located source : Globs.expand(scan.view(), file.get().path() + "/*.go", "/")) {
          closure.file(source);
        }
      }
    }
    for (String name : List.of("go.mod", "go.sum", "go.work")) {
      scan.read(launch.directory() + "/" + name, Certainty.LIKELY);
    }
  }

  private static String root(Launch launch, StartScan scan) throws IOException {
    String named = scan.variable("GOROOT");
    String beside = Located.parent(launch.program().directory());
    return !named.isEmpty() && scan.view().find(named).isPresent() ? named : beside;
  }

  private record Packages(ImageView view, String root) implements ModuleLanguage {
    @Override
    public List<String> imports(String text, Located file) {
      Set<String> names = new LinkedHashSet<>();
      Matcher imports = IMPORTS.matcher(text);
      while (imports.find() && names.size() < 500) {
        if (imports.group(2) != null) {
          names.add(imports.group(2));
          continue;
        }
        Matcher name = NAME.matcher(imports.group(1));
        while (name.find()) {
          names.add(name.group(1));
        }
      }
      return new ArrayList<>(names);
    }

    @Override
    public List<Module> locate(String name, Located from) throws IOException {
      List<Module> found = new ArrayList<>();
      // until Go 1.19 compiled packages lie beside the sources
      for (Located archive : Globs.expand(view, root + "/pkg/linux_*/" + name + ".a", "/")) {
        found.add(Module.of(archive));
      }
      for (String base : List.of(root + "/src/", root + "/src/vendor/")) {
        for (Located file : Globs.expand(view, base + name + "/*", "/")) {
          boolean source = file.name().endsWith(".go") || file.name().endsWith(".s");
          if (source) {
            // of those for other systems only the head is read, which says so
            boolean other = OTHER_SYSTEM.matcher(file.name()).matches();
            found.add(other ? new Module(file, Optional.empty()) : Module.of(file));
          }
        }
      }
      return found;
    }
  }
}
