package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import io.github.ndocker.api.NDockerException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Maps and reads a pool in a JVM of its own, because a damaged one can kill the JVM that maps it:
 * LLPL and PMDK believe what is in the file.
 */
final class PoolProbe {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<Class<?>> NEEDED =
      List.of(PoolProbe.class, Heap.class, NDockerException.class);
  private static final int DAMAGED = 10;
  private static final int IN_USE = 11;
  private static final int UNSUPPORTED = 12;
  private static final int FAILED = 13;

  private PoolProbe() {}

  /**
   * Tries a pool.
   *
   * @throws DamagedPoolException if the other JVM died of it, or found it damaged
   * @throws PoolInUseException if another process has it open
   * @throws UnsupportedPoolException if it is of a later version
   * @throws IOException if it cannot be opened for another reason, or no JVM be started
   */
  static void requireSound(Path pool) throws IOException {
    try (BoundedProcess probe = BoundedProcess.start(command(pool))) {
      if (!probe.endsWithin(PATIENCE)) {
        throw new DamagedPoolException(pool, "a process that opened it did not end");
      }
      String said = probe.output().strip();
      switch (probe.exitCode()) {
        case 0 -> {}
        case DAMAGED -> throw new DamagedPoolException(pool, said);
        case IN_USE -> throw new PoolInUseException(pool);
        case UNSUPPORTED -> throw new UnsupportedPoolException(pool, said);
        case FAILED -> throw new IOException(said);
        default ->
            throw new DamagedPoolException(
                pool, "a process that opened it died, exit code " + probe.exitCode());
      }
    }
  }

  /** Whether another JVM can be started: it has to find this library in files. */
  static boolean isPossible() {
    return NEEDED.stream().map(PoolProbe::placeOf).allMatch(Optional::isPresent);
  }

  private static List<String> command(Path pool) {
    String places =
        NEEDED.stream()
            .map(PoolProbe::placeOf)
            .flatMap(Optional::stream)
            .map(Path::toString)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-CreateCoredumpOnCrash",
        "-cp",
        places,
        PoolProbe.class.getName(),
        pool.toString());
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
      Pool.load(pool, MappedPools.map(pool)).directory().load(new ArrayList<>());
    } catch (IOException e) {
      System.out.println(e.getMessage());
      code = codeOf(e);
    }
    // at once: nothing of the pool is to be touched on the way out
    Runtime.getRuntime().halt(code);
  }

  private static int codeOf(IOException failure) {
    if (failure instanceof DamagedPoolException) {
      return DAMAGED;
    }
    if (failure instanceof PoolInUseException) {
      return IN_USE;
    }
    return failure instanceof UnsupportedPoolException ? UNSUPPORTED : FAILED;
  }
}
