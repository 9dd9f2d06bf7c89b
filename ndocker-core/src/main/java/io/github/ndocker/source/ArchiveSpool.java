package io.github.ndocker.source;

import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.LayerStream;
import io.github.ndocker.layer.MalformedLayerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Where an archive is kept that cannot be read where it is: one that comes as a stream, or is
 * compressed as a whole. The file can be read by its owner alone and has no name from the moment it
 * is open, so that nothing is left of it when it is closed, or when the process dies. Immutable.
 *
 * @param directory where; it must exist
 * @param maxBytes how large the archive may be, uncompressed
 */
public record ArchiveSpool(Path directory, long maxBytes) {
  /** The name goes as soon as the file is open, and the file with its descriptor. */
  private static final Set<StandardOpenOption> UNNAMED =
      Set.of(
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The spool's own limit decides. */
  private static final LayerLimits ANY_INFLATION =
      LayerLimits.DEFAULT.withInflation(Long.MAX_VALUE, Integer.MAX_VALUE);

  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it allows nothing
   */
  public ArchiveSpool {
    Objects.requireNonNull(directory, "directory");
    if (maxBytes < 1) {
      throw new IllegalArgumentException("a spool of " + maxBytes + " bytes");
    }
  }

  /** Copies an archive, and inflates it if it is compressed; the stream stays open. */
  FileChannel keep(InputStream archive, String name) throws IOException {
    FileChannel file =
        FileChannel.open(directory.resolve(".archive-" + UUID.randomUUID()), UNNAMED, PRIVATE);
    boolean whole = false;
    try {
      try (InputStream tar = LayerStream.within(archive, ANY_INFLATION)) {
        copy(tar, file, name);
      }
      whole = true;
      return file;
    } catch (MalformedLayerException e) {
      throw new MalformedSourceException(name, String.valueOf(e.getMessage()), e);
    } finally {
      if (!whole) {
        file.close();
      }
    }
  }

  private void copy(InputStream tar, FileChannel file, String name) throws IOException {
    byte[] bytes = new byte[BUFFER_BYTES];
    long copied = 0;
    for (int count = tar.read(bytes); count >= 0; count = tar.read(bytes)) {
      copied += count;
      if (copied > maxBytes) {
        throw new MalformedSourceException(
            name, "has more than " + maxBytes + " bytes, uncompressed; that is the spool's limit");
      }
      ByteBuffer part = ByteBuffer.wrap(bytes, 0, count);
      while (part.hasRemaining()) {
        file.write(part);
      }
    }
  }
}
