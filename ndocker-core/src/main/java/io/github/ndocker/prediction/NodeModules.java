package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Modules of Node.js, CommonJS and ES, as {@code require} and {@code import} find them. */
final class NodeModules implements ModuleLanguage {
  private static final int MAX_PACKAGE = 64 << 10;
  private static final Pattern IMPORT =
      Pattern.compile(
          "(?:\\brequire(?:\\.resolve)?\\s*+\\(|\\bfrom\\s*+|\\bimport\\s*+\\(?+)\\s*+[\"'`]([^\"'`\\s]{1,200})[\"'`]");

  /** What is loaded of a package; the fields of exports come first in those that have them. */
  private static final Pattern MAIN =
      Pattern.compile("\"(main|require|default|import|node|module)\"\\s*+:\\s*+\"([^\"]{1,200})\"");

  private static final List<String> SUFFIXES = List.of("", ".js", ".json", ".node", ".mjs", ".cjs");

  private final ImageView view;
  private final List<String> global;

  /**
   * Modules.
   *
   * @param global directories where packages are looked for after those of the program
   */
  NodeModules(ImageView view, List<String> global) {
    this.view = view;
    this.global = List.copyOf(global);
  }

  @Override
  public List<String> imports(String text, Located file) {
    if (file.name().endsWith(".json")) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    Matcher imported = IMPORT.matcher(text);
    while (imported.find() && names.size() < 1_000) {
      names.add(imported.group(1));
    }
    return new ArrayList<>(names);
  }

  @Override
  public List<Module> locate(String name, Located from) throws IOException {
    List<Module> found = new ArrayList<>();
    if (name.startsWith("node:")) {
      return found;
    }
    if (name.startsWith("/")
        || name.startsWith("./")
        || name.startsWith("../")
        || name.equals(".")
        || name.equals("..")) {
      path(name, from.directory(), found, 0);
      return found;
    }
    for (String place = from.directory(); ; place = Located.parent(place)) {
      if (packaged(place + "/node_modules", name, found) || place.equals("/")) {
        break;
      }
    }
    for (String place : found.isEmpty() ? global : List.<String>of()) {
      if (packaged(place, name, found)) {
        break;
      }
    }
    return found;
  }

  private boolean packaged(String modules, String name, List<Module> found) throws IOException {
    if (view.find(modules).filter(Located::isDirectory).isEmpty()) {
      return false;
    }
    String[] parts = name.split("/", name.startsWith("@") ? 3 : 2);
    int own = name.startsWith("@") ? 2 : 1;
    if (parts.length > own) {
      String owner = String.join("/", List.of(parts).subList(0, own));
      view.file("package.json", modules + "/" + owner).map(Module::of).ifPresent(found::add);
    }
    return path(name, modules, found, 0);
  }

  /** Adds what a path loads: a file, with a suffix or without, or a directory's package. */
  private boolean path(String name, String directory, List<Module> found, int depth)
      throws IOException {
    Optional<Located> place = view.find(name, directory);
    if (place.filter(Located::isFile).isPresent()) {
      return found.add(Module.of(place.get()));
    }
    for (String suffix : SUFFIXES.subList(1, SUFFIXES.size())) {
      Optional<Located> file = view.file(name + suffix, directory);
      if (file.isPresent()) {
        return found.add(Module.of(file.get()));
      }
    }
    if (place.isEmpty() || depth > 2) {
      return false;
    }
    Optional<Located> description = view.file("package.json", place.get().path());
    boolean main = false;
    if (description.isPresent()) {
      found.add(Module.of(description.get()));
      Matcher field = MAIN.matcher(view.text(description.get(), MAX_PACKAGE));
      while (field.find()) {
        // of the ways to load it only that of CommonJS, unless there is no other
        boolean wanted = field.group(1).equals("main") || field.group(1).equals("require");
        if (wanted || !main) {
          main |= path(field.group(2), place.get().path(), found, depth + 1);
        }
        if (field.group(1).equals("main")) {
          break;
        }
      }
    }
    for (String index :
        main ? List.<String>of() : List.of("index.js", "index.json", "index.node")) {
      Optional<Located> file = view.file(index, place.get().path());
      if (file.isPresent()) {
        found.add(Module.of(file.get()));
        break;
      }
    }
    return true;
  }
}
