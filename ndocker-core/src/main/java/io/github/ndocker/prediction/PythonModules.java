package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Modules of Python, in a path of directories ({@code sys.path}). For one thread. */
final class PythonModules implements ModuleLanguage {
  private static final int MAX_IMPORTS = 2_000;
  private static final Pattern STATEMENT =
      Pattern.compile(
          "(?m)^([ \\t]*+)(?:(?:async[ \\t]+)?(def)\\b|import[ \\t]+([^\\n#]++)"
              + "|from[ \\t]+([.\\w]++)[ \\t]+import[ \\t]+(\\([^)]{0,8000}+\\)?|[^\\n#]++)|(if)[ \\t]+(?:typing\\.)?TYPE_CHECKING)");

  /** Names of modules in strings, as frameworks take them from settings. */
  private static final Pattern DOTTED = Pattern.compile("[\"']([A-Za-z_]\\w*+(?:\\.\\w++)++)[\"']");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*+(?:\\.\\w++)*+");

  private final ImageView view;
  private final List<String> path;
  private final String library;

  /** By directory: the extension modules in it, by the name that imports them. */
  private final Map<String, Map<String, String>> extensions = new HashMap<>();

  /**
   * Modules.
   *
   * @param path where absolute names are looked for, in order
   * @param library the directory of the standard library and of installed packages; what lies
   *     elsewhere is an application
   */
  PythonModules(ImageView view, List<String> path, String library) {
    this.view = view;
    this.path = List.copyOf(new LinkedHashSet<>(path));
    this.library = library;
  }

  @Override
  public List<String> imports(String text, Located file) {
    Set<String> names = new LinkedHashSet<>();
    int skipped = Integer.MAX_VALUE;
    Matcher statement = STATEMENT.matcher(text);
    while (statement.find() && names.size() < MAX_IMPORTS) {
      int indent = statement.group(1).length();
      if (indent > skipped) {
        // in a function: not when the module is loaded
        continue;
      }
      skipped = Integer.MAX_VALUE;
      if (statement.group(2) != null || statement.group(6) != null) {
        skipped = indent;
      } else if (statement.group(3) != null) {
        for (String one : statement.group(3).split("[,;]", 200)) {
          names.add(one.strip().split("\\s", 2)[0]);
        }
      } else {
        from(statement.group(4), statement.group(5), names);
      }
    }
    if (!file.path().startsWith(library) && !file.path().contains("-packages/")) {
      Matcher dotted = DOTTED.matcher(text);
      while (dotted.find() && names.size() < MAX_IMPORTS) {
        names.add("*" + dotted.group(1));
      }
    }
    return new ArrayList<>(names);
  }

  private static void from(String module, String what, Set<String> names) {
    names.add(module);
    String separator = module.endsWith(".") ? "" : ".";
    for (String one : what.replaceAll("[()]", " ").split("[,;\\n]", 500)) {
      String name = one.strip().split("\\s", 2)[0];
      if (!name.isEmpty()) {
        names.add(module + separator + name);
      }
    }
  }

  @Override
  public List<Module> locate(String name, Located from) throws IOException {
    List<Module> found = new ArrayList<>();
    boolean mentioned = name.startsWith("*");
    String module = mentioned ? name.substring(1) : name;
    int dots = 0;
    while (dots < module.length() && module.charAt(dots) == '.') {
      dots++;
    }
    if (dots > 0) {
      String base = from.directory();
      for (int up = 1; up < dots; up++) {
        base = Located.parent(base);
      }
      within(base, module.substring(dots), found);
      return found;
    }
    if (!NAME.matcher(module).matches()) {
      return found;
    }
    for (String directory : path) {
      if (within(directory, module, found)) {
        break;
      }
    }
    if (mentioned && !found.isEmpty()) {
      plugIn(found);
    }
    return found;
  }

  /** A framework that is given a package loads modules of it that nobody names. */
  private void plugIn(List<Module> found) throws IOException {
    Located last = found.get(found.size() - 1).source();
    if (last.name().equals("__init__.py")) {
      for (String name : view.list(last.directory())) {
        if (name.endsWith(".py") && !name.startsWith("test") && found.size() < 100) {
          file(last.directory(), name.substring(0, name.length() - 3)).ifPresent(found::add);
        }
      }
    }
  }

  /** Adds a module and the packages that it is in; false if the first component is not there. */
  private boolean within(String directory, String module, List<Module> found) throws IOException {
    String place = directory;
    String[] components = module.isEmpty() ? new String[0] : module.split("\\.", 50);
    if (components.length == 0) {
      file(place, "__init__").ifPresent(found::add);
      return true;
    }
    for (int i = 0; i < components.length; i++) {
      Optional<Located> child = view.find(place + "/" + components[i]);
      if (child.filter(Located::isDirectory).isPresent()) {
        Optional<Module> init = file(place + "/" + components[i], "__init__");
        init.ifPresent(found::add);
        place = place + "/" + components[i];
        continue;
      }
      Optional<Module> file = file(place, components[i]);
      file.ifPresent(found::add);
      return i > 0 || file.isPresent();
    }
    return true;
  }

  /** A module of one file: its compiled form if it has one, an extension, or the source. */
  private Optional<Module> file(String directory, String name) throws IOException {
    Optional<Located> source = view.file(name + ".py", directory);
    if (source.isPresent()) {
      String cache = source.get().directory() + "/__pycache__";
      for (String compiled : view.list(cache)) {
        if (compiled.startsWith(name + ".cpython-")
            && compiled.endsWith(".pyc")
            && !compiled.contains(".opt-")) {
          Optional<Located> file = view.file(compiled, cache);
          if (file.isPresent()) {
            return Optional.of(new Module(file.get(), source.get()));
          }
        }
      }
      return source.map(Module::of);
    }
    String extension = extensions(directory).get(name);
    return extension == null ? Optional.empty() : view.file(extension, directory).map(Module::of);
  }

  private Map<String, String> extensions(String directory) throws IOException {
    Map<String, String> known = extensions.get(directory);
    if (known == null) {
      known = new HashMap<>();
      for (String file : view.list(directory)) {
        if (file.endsWith(".so")) {
          known.put(file.substring(0, file.indexOf('.')), file);
        }
      }
      extensions.put(directory, known);
    }
    return known;
  }
}
