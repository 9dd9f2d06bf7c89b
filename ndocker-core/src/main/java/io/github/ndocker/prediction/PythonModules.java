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
  /** Before a name that an application gives to a framework. */
  private static final String PLUG_IN = "*";

  private static final int MAX_PLUG_IN = 200;
  private static final int MAX_IMPORTS = 2_000;

  /** Characters of a module that names are imported from; it comes before each of them. */
  private static final int MAX_MODULE = 500;

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

  /** Which machine compiled modules are for, such as {@code cpython-311}. */
  private final String tag;

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
    String version = library.substring(library.lastIndexOf('/') + 1);
    this.tag = "cpython-" + version.replaceAll("[^0-9]", "");
  }

  @Override
  public List<String> imports(String text, Located file) {
    Set<String> names = new LinkedHashSet<>();
    // what the standard library loads later it seldom loads at all
    boolean standard = file.path().startsWith(library) && !file.path().contains("-packages/");
    int function = Integer.MAX_VALUE;
    Matcher statement = STATEMENT.matcher(text);
    while (statement.find() && names.size() < MAX_IMPORTS) {
      int indent = statement.group(1).length();
      // in a function: not when the module is loaded
      boolean later = indent > function;
      function = later ? function : Integer.MAX_VALUE;
      if (statement.group(2) != null || statement.group(6) != null) {
        function = later ? function : indent;
        continue;
      }
      Set<String> found = new LinkedHashSet<>();
      if (statement.group(3) != null) {
        for (String one : statement.group(3).split("[,;]", 200)) {
          found.add(one.strip().split("\\s", 2)[0]);
        }
      } else {
        from(statement.group(4), statement.group(5), found);
      }
      if (!later || !standard) {
        found.forEach(name -> names.add(later ? POSSIBLE + name : name));
      }
    }
    if (standard) {
      return new ArrayList<>(names);
    }
    boolean application = !file.path().contains("-packages/");
    Matcher dotted = DOTTED.matcher(text);
    while (dotted.find() && names.size() < MAX_IMPORTS) {
      names.add((application ? PLUG_IN : POSSIBLE) + dotted.group(1));
    }
    return new ArrayList<>(names);
  }

  private static void from(String module, String what, Set<String> names) {
    if (module.length() > MAX_MODULE) {
      return;
    }
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
    boolean mentioned = name.startsWith(PLUG_IN);
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
    Located last = found.get(found.size() - 1).source().orElseThrow();
    if (last.name().equals("__init__.py")) {
      modules(last.directory(), found);
      for (String name : view.list(last.directory())) {
        Optional<Located> part = view.find(name, last.directory());
        if (part.filter(Located::isDirectory).isPresent() && !name.startsWith("test")) {
          modules(part.get().path(), found);
        }
      }
    }
  }

  private void modules(String directory, List<Module> found) throws IOException {
    for (String name : view.list(directory)) {
      if (name.endsWith(".py") && !name.startsWith("test") && found.size() < MAX_PLUG_IN) {
        file(directory, name.substring(0, name.length() - 3)).ifPresent(found::add);
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
      Optional<Located> compiled = view.file(name + "." + tag + ".pyc", cache);
      return Optional.of(
          compiled.map(file -> new Module(file, source)).orElse(Module.of(source.get())));
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
