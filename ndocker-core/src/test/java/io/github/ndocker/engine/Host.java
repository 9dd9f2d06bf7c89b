package io.github.ndocker.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ndocker.api.Digest;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.placement.Pipelined;
import io.github.ndocker.registry.Credentials;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory with the state and the two tiers of one engine. */
public record Host(Path directory, long fastBytes, long slowBytes, Pipeline pipeline) {
  private static final long PLENTY = 1L << 30;
  private static final String RECORD = "ndocker record 1 ";

  /** A host with room for everything. */
  public static Host in(Path directory) {
    return new Host(directory, PLENTY, PLENTY, Pipeline.SEQUENTIAL);
  }

  public Host withFastBytes(long bytes) {
    return new Host(directory, bytes, slowBytes, pipeline);
  }

  public Host withSlowBytes(long bytes) {
    return new Host(directory, fastBytes, bytes, pipeline);
  }

  public Host withPipeline(Pipeline way) {
    return new Host(directory, fastBytes, slowBytes, way);
  }

  public Path state() {
    return directory.resolve("state");
  }

  public Path fast() {
    return directory.resolve("fast");
  }

  public Path slow() {
    return directory.resolve("slow");
  }

  /** The options, with a registry client that does not wait long. */
  public NDockerBuilder builder() throws IOException {
    return NDocker.builder(
            state(), FileTier.open(fast(), fastBytes), FileTier.open(slow(), slowBytes))
        .pipeline(pipeline)
        .placement(pipeline == Pipeline.SEQUENTIAL ? new Lass() : new Pipelined())
        .registry(impatient());
  }

  public NDocker open() throws IOException {
    return builder().open();
  }

  static RegistryClient impatient() {
    return new RegistryClient(
        RegistryOptions.defaults()
            .withTries(2, Duration.ofMillis(1))
            .withStallTimeout(Duration.ofSeconds(10)),
        Credentials.anonymous());
  }

  /**
   * Every file with its size, except the catalogue and the lock: what a failure must leave as it
   * was. Of the records on the slow tier, whose names depend on the reference, how many there are.
   */
  Map<String, Long> files() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path file : walk.toList()) {
        String name = directory.relativize(file).toString();
        if (isRecord(file)) {
          files.merge("records", 1L, Long::sum);
        } else if (Files.isRegularFile(file)
            && !name.startsWith("state/catalogue.db")
            && !name.equals("state/lock")) {
          files.put(name, Files.size(file));
        } else if (name.startsWith("state/")) {
          files.put(name + "/", 0L);
        }
      }
    }
    return files;
  }

  /** Whether a file is a record of the catalogue. */
  static boolean isRecord(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(RECORD.length()), US_ASCII).equals(RECORD);
    }
  }

  /** Whether every layer of an image can be read and is the right bytes, on whichever tier. */
  boolean holds(TinyImage image) throws IOException {
    for (TinyLayer layer : image.layers()) {
      if (!holds(layer.diffId().digest())) {
        return false;
      }
    }
    return true;
  }

  /** Whether a blob can be read and is the right bytes. */
  boolean holds(Digest blob) throws IOException {
    for (Path tier : new Path[] {fast(), slow()}) {
      Path file = tier.resolve("blobs").resolve(blob.algorithm()).resolve(blob.hex());
      if (Files.exists(file)) {
        try {
          MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
          return blob.equals(Digest.sha256(sha256.digest(Files.readAllBytes(file))));
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return false;
  }
}
