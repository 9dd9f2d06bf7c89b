package io.github.ndocker.prediction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.ndocker.api.ByteRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What any program may read: files that its arguments name, and files whose absolute paths are
 * constants of its executable, such as a default configuration; and what those name in turn.
 */
final class ProgramFilesRule implements EngineRule {
  /** How much of an executable is searched for paths. */
  private static final int MAX_CONSTANTS = 6 << 20;

  private static final int MAX_PATHS = 2_000;
  private static final int MIN_PATH = 5;
  private static final int MAX_PATH = 200;

  /** What is larger is read as a whole only by what it was given to. */
  private static final long MAX_NAMED = 4L << 20;

  private static final Pattern NAME =
      Pattern.compile(
          "lib[\\w.+-]*\\.so[.0-9]*|[\\w.+/-]+\\.(?:conf|cnf|cfg|ini|xml|ya?ml|toml|properties)");

  private static final int MAX_IN_DIRECTORY = 64;

  /** They have files of everybody. */
  static final Set<String> EVERYBODYS =
      Set.of(
          "/",
          "/bin",
          "/sbin",
          "/lib",
          "/lib64",
          "/etc",
          "/usr",
          "/usr/bin",
          "/usr/sbin",
          "/usr/lib",
          "/usr/lib64",
          "/usr/share",
          "/usr/local",
          "/usr/local/bin",
          "/usr/local/lib",
          "/var",
          "/var/lib",
          "/tmp",
          "/dev",
          "/proc",
          "/sys",
          "/root",
          "/home",
          "/opt",
          "/run");

  @Override
  public boolean runs(String program) {
    return true;
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    if (!scan.first("program " + launch.program().path(), launch.arguments())) {
      return;
    }
    List<Located> configurations = new ArrayList<>();
    for (String argument : launch.arguments()) {
      String value = argument.startsWith("-") ? argument.replaceFirst("^[^=/]*+=?", "") : argument;
      Optional<Located> file =
          value.length() < 2 ? Optional.empty() : scan.view().find(value, launch.directory());
      if (file.filter(Located::isFile).isPresent()) {
        scan.read(file.get(), launch.certainty());
        configurations.add(file.get());
      }
    }
    List<String> directories = new ArrayList<>();
    if (scan.first("constants of " + launch.program().path())) {
      constants(launch, scan, configurations, directories);
    }
    for (Located configuration : configurations) {
      new Configuration(scan, directories, launch.certainty()).read(configuration);
    }
  }

  private static void constants(
      Launch launch, StartScan scan, List<Located> configurations, List<String> directories)
      throws IOException {
    int paths = 0;
    List<String> names = new ArrayList<>();
    for (String text : strings(launch.program(), scan)) {
      if (!text.startsWith("/")) {
        names.add(text);
        continue;
      }
      if (text.startsWith("/proc/") || paths++ > MAX_PATHS) {
        continue;
      }
      Optional<Located> there = scan.view().find(text);
      if (there.isEmpty() || EVERYBODYS.contains(there.get().path())) {
        continue;
      }
      if (there.get().isDirectory()) {
        directories.add(there.get().path());
        directory(there.get(), scan);
      } else if (there.get().node().size() <= MAX_NAMED) {
        // one of several in any case
        boolean program = there.get().node().executable();
        if (program) {
          scan.run(List.of(text), launch.directory(), Certainty.POSSIBLE);
        } else {
          scan.read(there.get(), Certainty.POSSIBLE);
          configurations.add(there.get());
        }
      }
    }
    named(names, directories, configurations, scan);
  }

  /** A library that is loaded by name, or the name of a configuration in a known directory. */
  private static void named(
      List<String> names, List<String> directories, List<Located> configurations, StartScan scan)
      throws IOException {
    for (String name : names.subList(0, Math.min(names.size(), MAX_PATHS))) {
      if (name.contains(".so")) {
        scan.libraries().addNamed(name, Certainty.POSSIBLE);
        continue;
      }
      for (String directory : directories) {
        Optional<Located> file = scan.view().file(name, directory);
        if (file.isPresent()) {
          scan.read(file.get(), Certainty.POSSIBLE);
          configurations.add(file.get());
          break;
        }
      }
    }
  }

  /** Files of a directory that is a program's own. */
  private static void directory(Located directory, StartScan scan) throws IOException {
    List<String> names = scan.view().list(directory);
    if (names.size() > MAX_IN_DIRECTORY) {
      return;
    }
    for (String name : names) {
      Optional<Located> file = scan.view().file(name, directory.path());
      if (file.isPresent() && file.get().node().size() <= MAX_NAMED) {
        scan.read(file.get(), Certainty.POSSIBLE);
      }
    }
  }

  /** Constants that end with a zero byte. */
  private static List<String> strings(Located program, StartScan scan) throws IOException {
    List<String> strings = new ArrayList<>();
    Optional<ElfFile> elf = scan.libraries().parse(program);
    if (elf.isEmpty()) {
      return strings;
    }
    int left = MAX_CONSTANTS;
    for (ByteRange range : elf.get().constants()) {
      int length = (int) Math.min(range.length(), left);
      byte[] bytes = scan.view().read(program, range.offset(), length);
      left -= length;
      int start = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] >= ' ' && bytes[i] < 0x7f) {
          continue;
        }
        if (bytes[i] == 0 && i - start >= MIN_PATH && i - start <= MAX_PATH) {
          String text = new String(bytes, start, i - start, ISO_8859_1);
          if (bytes[start] == '/' || NAME.matcher(text).matches()) {
            strings.add(text);
          }
        }
        start = i + 1;
      }
    }
    return strings;
  }
}
