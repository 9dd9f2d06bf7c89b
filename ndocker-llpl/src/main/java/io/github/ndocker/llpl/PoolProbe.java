package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import io.github.ndocker.api.NDockerException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * Maps and reads a pool in a JVM of its own, because a damaged one can kill the JVM that maps it:
 * LLPL and PMDK believe what is in the file.
 */
final class PoolProbe {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<Class<?>> NEEDED =
      List.of(PoolProbe.class, Heap.class, NDockerException.class, Logger.class);
  // from this version on the JVM asks to be told that LLPL may do what it does
  private static final int UNSAFE_IS_OPTIONAL = 24;
  private static final String BEGUN = "mapping\n";
  private static final int ATTEMPTS = 3;
  // SIGKILL, as when the host is out of memory, and what a person sends; a pool makes others
  private static final Set<Integer> KILLED = Set.of(128 + 9, 128 + 15, 128 + 2);
  private static final int DAMAGED = 10;
  private static final int IN_USE = 11;
  private static final int FAILED = 12;

  private PoolProbe() {}

  /**
   * Tries a pool.
   *
   * @return whether it was tried: without a launcher, or if the classes are from elsewhere than
   *     from files, no other JVM can be started
   * @throws DamagedPoolException if the other JVM died of it, or found it damaged
   * @throws PoolInUseException if another process has it open
   * @throws IOException if it cannot be opened for another reason, or no process be started
   */
  static boolean survives(Path pool) throws IOException {
    if (!isPossible()) {
      return false;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Boolean> survived = tryOnce(pool);
      if (survived.isPresent()) {
        return survived.get();
      }
    }
    throw new IOException(
        "the processes that were to try " + pool + " were killed by somebody; try again");
  }

  /** Empty if somebody killed the process, which says nothing about the pool. */
  private static Optional<Boolean> tryOnce(Path pool) throws IOException {
    try (BoundedProcess probe = BoundedProcess.start(command(pool))) {
      if (!probe.endsWithin(PATIENCE)) {
        throw new DamagedPoolException(pool, "a process that opened it did not end");
      }
      String said = probe.output();
      if (KILLED.contains(probe.exitCode())) {
        return Optional.empty();
      }
      int begin = said.indexOf(BEGUN);
      if (begin < 0) {
        return Optional.of(false);
      }
      said = said.substring(begin + BEGUN.length()).strip();
      switch (probe.exitCode()) {
        case 0 -> {
          return Optional.of(true);
        }
        case DAMAGED -> throw new DamagedPoolException(pool, said);
        case IN_USE -> throw new PoolInUseException(pool);
        case FAILED -> throw new IOException(said);
        default ->
            throw new DamagedPoolException(
                pool, "a process that opened it died, exit code " + probe.exitCode());
      }
    }
  }

  private static boolean isPossible() {
    return Files.isExecutable(launcher())
        && NEEDED.stream().map(PoolProbe::placeOf).allMatch(Optional::isPresent);
  }

  private static Path launcher() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static List<String> command(Path pool) {
    String places =
        NEEDED.stream()
            .map(PoolProbe::placeOf)
            .flatMap(Optional::stream)
            .map(Path::toString)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher().toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash"));
    if (Runtime.version().feature() >= UNSAFE_IS_OPTIONAL) {
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", places, PoolProbe.class.getName(), pool.toString()));
    return command;
  }

  /** Where a class is from: what was on the module path can be on a class path as well. */
  private static Optional<Path> placeOf(Class<?> needed) {
    return Optional.ofNullable(needed.getProtectionDomain().getCodeSource())
        .map(CodeSource::getLocation)
        .filter(location -> location.getProtocol().equals("file"))
        .map(location -> Path.of(URI.create(location.toString())));
  }

  /**
   * The other JVM.
   *
   * @param arguments the pool
   */
  public static void main(String[] arguments) {
    Path pool = Path.of(arguments[0]);
    int code = 0;
    try {
      LlplLibrary.load();
      System.out.print(BEGUN);
      System.out.flush();
      Pool.load(pool, MappedPools.map(pool));
    } catch (UnsupportedPoolException e) {
      // nobody dies of it, and whoever opens it next finds out
      code = 0;
    } catch (IOException e) {
      System.out.println(e instanceof DamagedPoolException d ? d.found() : e.getMessage());
      code = codeOf(e);
    }
    // at once: nothing of the pool is to be touched on the way out
    Runtime.getRuntime().halt(code);
  }

  private static int codeOf(IOException failure) {
    if (failure instanceof DamagedPoolException) {
      return DAMAGED;
    }
    return failure instanceof PoolInUseException ? IN_USE : FAILED;
  }
}
