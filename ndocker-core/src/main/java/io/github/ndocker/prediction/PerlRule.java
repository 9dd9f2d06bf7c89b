package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Perl: modules that a program uses. */
final class PerlRule implements EngineRule {
  private static final Pattern PROGRAM = Pattern.compile("perl(5[.0-9]*)?");
  private static final Pattern USE =
      Pattern.compile(
          "(?m)(?:^|[;{])[ \\t]*+(?:use|require|no)[ \\t]+([A-Za-z_]\\w*+(?:::\\w++)*+|[\"'][\\w/.-]{1,200}[\"'])([^;\\n]*+)");
  private static final Pattern PARENT = Pattern.compile("[A-Za-z_]\\w*+(?:::\\w++)+");

  /** Where distributions and Perl's own build put modules; the stars are versions and machines. */
  private static final List<String> DIRECTORIES =
      List.of(
          "/etc/perl",
          "/usr/local/lib/*/perl/*",
          "/usr/local/share/perl/*",
          "/usr/lib/*/perl5/*",
          "/usr/share/perl5",
          "/usr/lib/*/perl-base",
          "/usr/lib/*/perl/*",
          "/usr/share/perl/*",
          "/usr/local/share/perl5/site_perl",
          "/usr/local/lib/perl5/site_perl/*",
          "/usr/local/lib/perl5/site_perl/*/*-linux*",
          "/usr/local/lib/perl5/*",
          "/usr/local/lib/perl5/*/*-linux*",
          "/usr/lib/perl5/*_perl",
          "/usr/share/perl5/*_perl",
          "/usr/lib64/perl5",
          "/usr/lib64/perl5/vendor_perl",
          "/usr/share/perl5/vendor_perl");

  @Override
  public boolean runs(String program) {
    return PROGRAM.matcher(program).matches();
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    List<String> path = new ArrayList<>(scan.directories("PERL5LIB"));
    for (String pattern : DIRECTORIES) {
      path.addAll(Globs.directories(scan.view(), pattern));
    }
    List<String> arguments = launch.arguments();
    for (String argument : arguments) {
      if (argument.startsWith("-I") && argument.length() > 2) {
        path.add(0, argument.substring(2));
      }
    }
    ModuleClosure closure =
        new ModuleClosure(scan, new Modules(scan.view(), path)).as(launch.certainty());
    Located here = launch.program();
    if (scan.view().file("sitecustomize.pl", "/etc/perl").isPresent()) {
      scan.read("/etc/perl/sitecustomize.pl", Certainty.LIKELY);
    }
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("-M") || argument.startsWith("-m")) {
        closure.module(argument.substring(2).split("=", 2)[0], here);
      } else if (argument.startsWith("-") && (argument.endsWith("e") || argument.endsWith("E"))) {
        closure.text(i + 1 < arguments.size() ? arguments.get(++i) : "", here);
      } else if (!argument.startsWith("-")) {
        Optional<Located> script = scan.view().file(argument, launch.directory());
        if (script.isPresent()) {
          closure.file(script.get());
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
      Matcher use = USE.matcher(end < 0 ? text : text.substring(0, end));
      while (use.find() && names.size() < 500) {
        String name = use.group(1);
        names.add(name);
        if (name.equals("parent") || name.equals("base")) {
          Matcher parent = PARENT.matcher(use.group(2));
          while (parent.find()) {
            names.add(parent.group());
          }
        }
      }
      return new ArrayList<>(names);
    }

    @Override
    public List<Module> locate(String name, Located from) throws IOException {
      boolean quoted = name.startsWith("\"") || name.startsWith("'");
      String file = quoted ? name.substring(1, name.length() - 1) : name.replace("::", "/") + ".pm";
      List<Module> found = new ArrayList<>();
      for (String directory : path) {
        Optional<Located> module = view.file(file, directory);
        if (module.isPresent()) {
          found.add(Module.of(module.get()));
          break;
        }
      }
      if (quoted || found.isEmpty()) {
        return found;
      }
      String extension = name.replace("::", "/");
      String last = extension.substring(extension.lastIndexOf('/') + 1);
      for (String directory : path) {
        Optional<Located> object = view.file("auto/" + extension + "/" + last + ".so", directory);
        if (object.isPresent()) {
          found.add(Module.of(object.get()));
          break;
        }
      }
      return found;
    }
  }
}
