package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM that uses a tier. Its arguments are the tier, what to do with it, and where it finds
 * the JVM that it starts to try a pool, if not where its own is.
 */
final class PoolProcess {
  static final long CAPACITY = 16L << 20;
  static final byte[] BLOB = BlobTierContractTest.bytes(42, 2_000_000);
  static final Digest NAME = BlobTierContractTest.nameOf(BLOB);

  static final byte[] OTHER_BLOB = BlobTierContractTest.bytes(43, 14_000_000);

  private PoolProcess() {}

  private static void store(LlplTier tier, byte[] blob) throws IOException {
    try (TierWriter writer = tier.write(0)) {
      writer.write(ByteBuffer.wrap(blob));
      writer.commit(BlobTierContractTest.nameOf(blob));
    }
  }

  public static void main(String[] arguments) throws IOException {
    LlplTier tier;
    if (arguments.length > 2) {
      // what this one needs of its own, it has then
      LlplLibrary.load();
      System.setProperty("java.home", arguments[2]);
    }
    try {
      tier = LlplTier.open(Path.of(arguments[0]), CAPACITY);
    } catch (IOException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      return;
    }
    switch (arguments[1]) {
      case "hold" -> {
        System.out.println("open");
        System.in.read();
      }
      case "list" ->
          System.out.println(
              "blobs "
                  + tier.blobs().size()
                  + " used "
                  + tier.usage().usedBytes()
                  + " capacity "
                  + tier.usage().capacityBytes()
                  + " aside "
                  + tier.setAside().size());
      case "store" -> {
        store(tier, BLOB);
        System.out.println("stored " + tier.usage().usedBytes());
      }
      case "die" -> {
        TierWriter guessed = tier.write(3_000_000);
        guessed.write(ByteBuffer.wrap(BlobTierContractTest.bytes(1, 3_000_000)));
        TierWriter growing = tier.write(0);
        growing.write(ByteBuffer.wrap(BlobTierContractTest.bytes(2, 3_000_000)));
        System.out.println("half-written " + tier.usage().usedBytes());
        Runtime.getRuntime().halt(1);
      }
      case "grow" -> {
        // another pool, with a blob of its own
        tier.close();
        tier = LlplTier.open(Path.of(arguments[0]), 2 * CAPACITY);
        store(tier, OTHER_BLOB);
        store(tier, BlobTierContractTest.bytes(44, (int) CAPACITY));
        System.out.println("stored " + tier.usage().usedBytes());
      }
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    tier.close();
  }

  /** Starts it, with more variables in its environment. */
  static Process start(Path tier, String command, String... environment) throws IOException {
    return start(PoolProcess.class, List.of(tier.toString(), command), environment);
  }

  /** Starts it, with another place for the JVMs that it starts. */
  static Process startWith(Path javaHome, Path tier, String command) throws IOException {
    return start(PoolProcess.class, List.of(tier.toString(), command, javaHome.toString()));
  }

  static Process start(Class<?> main, List<String> arguments, String... environment)
      throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line);
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    return builder.redirectError(new File("/dev/null")).start();
  }

  /** What it says until it ends. */
  static String outputOf(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output.strip();
  }
}
