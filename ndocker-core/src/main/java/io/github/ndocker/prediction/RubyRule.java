package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ruby: RubyGems, which every start loads, and what a program requires. */
final class RubyRule implements EngineRule {
  private static final Pattern PROGRAM = Pattern.compile("ruby([0-9][.0-9]*)?");
  private static final Pattern REQUIRE =
      Pattern.compile(
          "\\b(require_relative|require|load|autoload)\\b[ (]*+(?::\\w++,\\s*+)?[\"']([\\w./+-]{1,200})[\"']");

  private static final List<String> DIRECTORIES =
      List.of(
          "/usr/local/lib/ruby/site_ruby/*.*",
          "/usr/local/lib/*/site_ruby",
          "/usr/local/lib/site_ruby",
          "/usr/lib/ruby/vendor_ruby/*.*",
          "/usr/lib/*/ruby/vendor_ruby/*.*",
          "/usr/lib/ruby/vendor_ruby",
          "/usr/lib/ruby/*.*",
          "/usr/lib/*/ruby/*.*",
          "/usr/local/lib/ruby/*.*",
          "/usr/local/lib/ruby/*/*-linux*",
          "/usr/lib/ruby/*/*-linux*",
          "/usr/lib64/ruby",
          "/usr/share/ruby");

  private static final List<String> GEMS =
      List.of(
          "/usr/share/rubygems-integration/*/gems/*/lib",
          "/usr/lib/ruby/gems/*/gems/*/lib",
          "/usr/lib/*/rubygems-integration/*/gems/*/lib",
          "/var/lib/gems/*/gems/*/lib",
          "/usr/local/lib/ruby/gems/*/gems/*/lib",
          "/usr/local/bundle/gems/*/lib",
          "/usr/share/gems/gems/*/lib",
          "/usr/lib/*/rubygems-integration/*/extensions/*/*/*",
          "/usr/local/bundle/extensions/*/*/*",
          "/usr/local/lib/ruby/gems/*/extensions/*/*/*",
          "/var/lib/gems/*/extensions/*/*/*");

  private static final List<String> SPECIFICATIONS =
      List.of(
          "/usr/share/rubygems-integration/*/specifications/*.gemspec",
          "/usr/lib/ruby/gems/*/specifications/default/*.gemspec",
          "/usr/lib/*/rubygems-integration/*/specifications/*.gemspec",
          "/usr/local/lib/ruby/gems/*/specifications/default/*.gemspec",
          "/var/lib/gems/*/specifications/*.gemspec",
          "/usr/local/bundle/specifications/*.gemspec");

  private static final List<String> ALWAYS =
      List.of(
          "enc/encdb",
          "enc/trans/transdb",
          "rubygems",
          "monitor",
          "error_highlight",
          "did_you_mean",
          "syntax_suggest/core_ext",
          "rbconfig",
          "rubygems/defaults/operating_system",
          "bundled_gems",
          "random/formatter");

  @Override
  public boolean runs(String program) {
    return PROGRAM.matcher(program).matches();
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    List<String> path = new ArrayList<>(scan.directories("RUBYLIB"));
    for (String pattern : DIRECTORIES) {
      path.addAll(Globs.directories(scan.view(), pattern));
    }
    List<String> gems = new ArrayList<>();
    for (String pattern : GEMS) {
      gems.addAll(Globs.directories(scan.view(), pattern));
    }
    path.addAll(gems);
    ModuleClosure closure = new ModuleClosure(scan, new Modules(scan.view(), path));
    Located here = launch.program();
    for (String name : ALWAYS) {
      closure.module(name, here);
    }
    if (!gems.isEmpty()) {
      for (String pattern : SPECIFICATIONS) {
        for (Located file : Globs.expand(scan.view(), pattern, "/")) {
          scan.read(file, Certainty.POSSIBLE);
        }
      }
    }
    List<String> arguments = launch.arguments();
    closure.as(launch.certainty());
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("-r") && argument.length() > 2) {
        closure.module(argument.substring(2), here);
      } else if (argument.startsWith("-") && argument.endsWith("e")) {
        closure.text(i + 1 < arguments.size() ? arguments.get(++i) : "", here);
      } else if (!argument.startsWith("-")) {
        Optional<Located> script = scan.view().file(argument, launch.directory());
        if (script.isPresent()) {
          closure.file(script.get());
          Configurations.beside(
              script.get(), List.of("Gemfile", "Gemfile.lock", "config.ru"), scan);
        }
        return;
      }
    }
  }

  private record Modules(ImageView view, List<String> path) implements ModuleLanguage {
    @Override
    public List<String> imports(String text, Located file) {
      Set<String> names = new LinkedHashSet<>();
      int end = text.indexOf("\n__END__");
      Matcher require = REQUIRE.matcher(end < 0 ? text : text.substring(0, end));
      while (require.find() && names.size() < 500) {
        boolean relative = require.group(1).equals("require_relative");
        names.add((relative ? "./" : "") + require.group(2));
      }
      return new ArrayList<>(names);
    }

    @Override
    public List<Module> locate(String name, Located from) throws IOException {
      List<String> places =
          name.startsWith("./") || name.startsWith("../") ? List.of(from.directory()) : path;
      boolean complete = name.endsWith(".rb") || name.endsWith(".so");
      for (String suffix : complete ? List.of("") : List.of(".rb", ".so")) {
        for (String directory : name.startsWith("/") ? List.of("/") : places) {
          Optional<Located> file = view.file(name + suffix, directory);
          if (file.isPresent()) {
            return List.of(Module.of(file.get()));
          }
        }
      }
      return List.of();
    }
  }
}
