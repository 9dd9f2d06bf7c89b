package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PHP, as a program and as a module of a web server: settings, extensions, included files. */
final class PhpRule implements EngineRule {
  private static final Pattern PROGRAM =
      Pattern.compile("php(-fpm|-cgi|-cli)?([0-9][.0-9]*)?|(lib|mod_)?php[0-9.]*\\.so");
  private static final Pattern EXTENSION =
      Pattern.compile("(?m)^\\s*+(?:zend_)?extension\\s*+=\\s*+\"?([\\w./-]{1,200})");
  private static final Pattern INCLUDE =
      Pattern.compile(
          "\\b(?:require|include)(?:_once)?\\b[^;\\n'\"]{0,100}+['\"]([\\w./-]{1,200})['\"]");

  private static final List<String> SETTINGS =
      List.of(
          "/usr/local/etc/php/php.ini",
          "/usr/local/etc/php/conf.d/*.ini",
          "/usr/local/etc/php-fpm.conf",
          "/usr/local/etc/php-fpm.d/*.conf",
          "/etc/php/*/SAPI/php.ini",
          "/etc/php/*/SAPI/conf.d/*.ini",
          "/etc/php/*/fpm/php-fpm.conf",
          "/etc/php/*/fpm/pool.d/*.conf",
          "/etc/php[0-9]*/php.ini",
          "/etc/php[0-9]*/conf.d/*.ini",
          "/etc/php.ini",
          "/etc/php.d/*.ini");

  private static final List<String> EXTENSIONS =
      List.of(
          "/usr/local/lib/php/extensions/*",
          "/usr/lib/php/*",
          "/usr/lib/php*/modules",
          "/usr/lib64/php/modules");

  @Override
  public boolean runs(String program) {
    return PROGRAM.matcher(program).matches();
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    String name = launch.program().name();
    String interfaceName =
        name.contains("fpm")
            ? "fpm"
            : name.contains("cgi") ? "cgi" : name.endsWith(".so") ? "apache2" : "cli";
    List<String> directories = new ArrayList<>();
    for (String pattern : EXTENSIONS) {
      directories.addAll(Globs.directories(scan.view(), pattern));
    }
    for (String pattern : SETTINGS) {
      String files = pattern.replace("SAPI", interfaceName).replace("[0-9]*", "*");
      for (Located settings : Globs.expand(scan.view(), files, "/")) {
        scan.read(settings, launch.certainty().and(Certainty.LIKELY));
        extensions(settings, directories, scan);
      }
    }
    ModuleClosure closure = new ModuleClosure(scan, new Included(scan.view()));
    Located here = new Located(launch.directory() + "/-", launch.program().node());
    List<String> arguments = launch.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("-r") && i + 1 < arguments.size()) {
        closure.text(arguments.get(++i), here);
      } else if (!argument.startsWith("-")) {
        Optional<Located> script = scan.view().file(argument, launch.directory());
        if (script.isPresent()) {
          closure.as(launch.certainty()).file(script.get());
        }
        return;
      }
    }
  }

  private static void extensions(Located settings, List<String> directories, StartScan scan)
      throws IOException {
    Matcher extension = EXTENSION.matcher(scan.view().text(settings, 256 << 10));
    while (extension.find()) {
      String name = extension.group(1);
      String file = name.contains("/") || name.endsWith(".so") ? name : name + ".so";
      for (String directory : directories) {
        Optional<Located> library = scan.view().file(file, directory);
        if (library.isPresent()) {
          scan.read(library.get(), Certainty.LIKELY);
          break;
        }
      }
    }
  }

  private record Included(ImageView view) implements ModuleLanguage {
    @Override
    public List<String> imports(String text, Located file) {
      Set<String> names = new LinkedHashSet<>();
      Matcher include = INCLUDE.matcher(text);
      while (include.find() && names.size() < 500) {
        names.add(include.group(1));
      }
      return new ArrayList<>(names);
    }

    @Override
    public List<Module> locate(String name, Located from) throws IOException {
      // what stands before is most often the directory of the file, or of the application
      String relative = name.startsWith("/") ? name.substring(1) : name;
      List<Module> found = new ArrayList<>();
      for (String base : List.of(from.directory(), Located.parent(from.directory()), "/")) {
        Optional<Located> file = view.file(relative, base);
        if (file.isPresent()) {
          found.add(Module.of(file.get()));
          break;
        }
      }
      return found;
    }
  }
}
