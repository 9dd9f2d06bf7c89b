package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How programs of one language name modules, and where these are. */
interface ModuleLanguage {
  /** Before a name: only some starts load that module. */
  String POSSIBLE = "?";

  /**
   * The modules that a text names.
   *
   * @param text of a program
   * @param file where it is from
   * @return names, in the order of the text; some with {@link #POSSIBLE} before them
   */
  List<String> imports(String text, Located file) throws IOException;

  /**
   * The files of a module.
   *
   * @param name as {@link #imports} has it
   * @param from the file that names it
   * @return what is read for it; none if there is no such module
   */
  List<Module> locate(String name, Located from) throws IOException;

  /**
   * A file of a module.
   *
   * @param read what is read, which may be a compiled form
   * @param source what names further modules, if anything does; the same file if there is no
   *     compiled form
   */
  record Module(Located read, Optional<Located> source) {
    static Module of(Located file) {
      return new Module(file, Optional.of(file));
    }
  }
}
