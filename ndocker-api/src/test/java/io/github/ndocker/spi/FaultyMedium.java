package io.github.ndocker.spi;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory that behaves as a disk: what was forced is there after a power cut, of the rest any part
 * may be. Used by one {@link FaultyTier} at a time. Thread-safe.
 */
public final class FaultyMedium {
  private final Path directory;
  private final Map<Digest, Stored> named = new HashMap<>();
  private final List<String> misuses = new ArrayList<>();
  private long files;

  /**
   * An empty medium.
   *
   * @param directory where the files go that blobs are seen in
   */
  public FaultyMedium(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** Bytes, how many of them are durable, and the file that shows them. */
  static final class Stored {
    private final Path file;
    private byte[] bytes = new byte[0];
    private int length;
    private int forced;

    private Stored(Path file) {
      this.file = file;
    }

    void append(byte[] more, int count) {
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
      }
      System.arraycopy(more, 0, bytes, length, count);
      length += count;
    }

    void force() {
      forced = length;
    }

    int length() {
      return length;
    }

    /** Not a copy: whoever reads a blob that is deleted sees what comes after it. */
    byte[] bytes() {
      return bytes;
    }

    private void tear(PowerSupply power) {
      Arrays.fill(bytes, power.between(forced, length), length, (byte) 0);
    }
  }

  synchronized Stored begin() {
    files++;
    return new Stored(directory.resolve("blob-" + files));
  }

  /** What the machine finds when it starts again: of what was not forced, a part. */
  public synchronized void powerCut(PowerSupply power) {
    named.values().forEach(stored -> stored.tear(power));
  }

  /**
   * What no tier may be made to do, such as forcing again what once failed.
   *
   * @return one sentence each
   */
  public synchronized List<String> misuses() {
    return List.copyOf(misuses);
  }

  synchronized void misused(String how) {
    misuses.add(how);
  }

  synchronized Map<Digest, Stored> named() {
    return Map.copyOf(named);
  }

  synchronized boolean name(Digest name, Stored stored) {
    return named.putIfAbsent(name, stored) == null;
  }

  synchronized void rename(Digest name, Digest other) {
    named.put(other, named.get(name));
    named.remove(name);
  }

  synchronized void delete(Digest name) {
    Stored stored = named.remove(name);
    if (stored != null) {
      Arrays.fill(stored.bytes, (byte) 0xee);
      try {
        Files.deleteIfExists(stored.file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  synchronized Path show(Stored stored) {
    try {
      if (!Files.exists(stored.file)) {
        Files.createDirectories(directory);
        Files.write(stored.file, Arrays.copyOf(stored.bytes, stored.length));
      }
      return stored.file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
