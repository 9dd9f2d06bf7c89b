package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds libraries as the dynamic loader does ({@code ld.so(8)}), with all that they need. */
final class SharedLibraries {
  private static final int MAX_CONFIGURATION = 64 << 10;
  private static final int MAX_DIRECTORIES = 200;

  /** What a program may load; a web browser has three hundred. */
  private static final int MAX_LIBRARIES = 4_000;

  private static final List<String> USUAL =
      List.of("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib");

  private final ImageView view;
  private final Candidates found;
  private final Map<String, Optional<ElfFile>> parsed = new HashMap<>();
  private final List<String> directories;
  private int added;

  SharedLibraries(ImageView view, Candidates found, Map<String, String> environment)
      throws IOException {
    this.view = view;
    this.found = found;
    Set<String> all = new LinkedHashSet<>();
    for (String directory : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
      if (directory.startsWith("/")) {
        all.add(directory);
      }
    }
    configured("/etc/ld.so.conf", all, 0);
    for (String name : view.list("/etc")) {
      if (name.startsWith("ld-musl-") && name.endsWith(".path")) {
        configured("/etc/" + name, all, 0);
      }
    }
    for (String parent : List.of("/lib", "/usr/lib")) {
      for (String name : view.list(parent)) {
        if (name.contains("-linux-")) {
          all.add(parent + "/" + name);
        }
      }
    }
    all.addAll(USUAL);
    this.directories = all.stream().limit(MAX_DIRECTORIES).toList();
  }

  /** The directories of a configuration of the loader. */
  private void configured(String path, Set<String> all, int depth) throws IOException {
    Optional<Located> file = view.file(path, "/");
    if (file.isEmpty() || depth > 4) {
      return;
    }
    found.add(Candidate.whole(file.get(), Certainty.POSSIBLE));
    for (String line : view.text(file.get(), MAX_CONFIGURATION).split("[\n:]", MAX_DIRECTORIES)) {
      String text = line.strip();
      if (text.startsWith("include ")) {
        for (Located included :
            Globs.expand(view, text.substring("include ".length()).strip(), "/etc")) {
          configured(included.path(), all, depth + 1);
        }
      } else if (text.startsWith("/") && all.size() < MAX_DIRECTORIES) {
        all.add(text);
      }
    }
  }

  /** What a file is linked with, if it is a program or a library. */
  Optional<ElfFile> parse(Located file) throws IOException {
    Optional<ElfFile> known = parsed.get(file.path());
    if (known == null) {
      known = ElfFile.of(view, file);
      parsed.put(file.path(), known);
    }
    return known;
  }

  /**
   * Adds a program or library, its loader and all libraries that it needs.
   *
   * @return false if the file is no such file; then nothing is added
   */
  boolean add(Located program, Certainty certainty) throws IOException {
    if (parse(program).isEmpty()) {
      return false;
    }
    Deque<Located> rest = new ArrayDeque<>(List.of(program));
    while (!rest.isEmpty() && added < MAX_LIBRARIES) {
      Located file = rest.pop();
      Optional<ElfFile> elf = parse(file);
      if (elf.isEmpty()
          || !found.add(
              new Candidate(
                  file,
                  certainty,
                  elf.get().loaded(),
                  elf.get().code(),
                  Candidate.Stride.CODE,
                  elf.get().sparse()))) {
        continue;
      }
      added++;
      List<Located> next = new ArrayList<>();
      if (elf.get().interpreter().isPresent()) {
        view.file(elf.get().interpreter().get(), "/").ifPresent(next::add);
        view.file("/etc/ld.so.cache", "/")
            .ifPresent(cache -> found.add(Candidate.whole(cache, certainty)));
      }
      for (String name : elf.get().needed()) {
        locate(name, file, elf.get()).ifPresent(next::add);
      }
      for (int i = next.size() - 1; i >= 0; i--) {
        rest.push(next.get(i));
      }
    }
    return true;
  }

  /** Adds what {@code dlopen} of a name finds, if it finds something. */
  void addNamed(String name, Certainty certainty) throws IOException {
    for (String directory : directories) {
      Optional<Located> library = view.file(name, directory);
      if (library.isPresent() && add(library.get(), certainty)) {
        return;
      }
    }
  }

  private Optional<Located> locate(String name, Located from, ElfFile needs) throws IOException {
    if (name.contains("/")) {
      return view.file(name, "/");
    }
    List<String> places = new ArrayList<>();
    needs.runPath().stream()
        .map(place -> place.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", from.directory()))
        .filter(place -> place.startsWith("/"))
        .forEach(places::add);
    places.addAll(directories);
    for (String place : places) {
      Optional<Located> library = view.file(name, place);
      // libraries of another architecture lie beside
      if (library.isPresent()
          && parse(library.get()).filter(elf -> elf.machine() == needs.machine()).isPresent()) {
        return library;
      }
    }
    return Optional.empty();
  }
}
