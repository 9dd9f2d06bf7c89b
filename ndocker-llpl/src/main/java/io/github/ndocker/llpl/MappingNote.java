package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file beside a pool that says since which boot of the host, and with which size, the pool could
 * be mapped. It is gone while a process tries to. So it is missing or wrong if the last attempt may
 * have killed a process, or if the host, or somebody who copied the pool, may have damaged it. It
 * is never forced: after a power cut it does not hold anyway.
 *
 * @param pool the pool file
 */
record MappingNote(Path pool) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Whether nothing has happened since the pool was mapped last. */
  boolean holds() throws IOException {
    return isThere() && Files.readString(TierDirectory.noteOf(pool), US_ASCII).equals(truth());
  }

  boolean isThere() {
    return Files.exists(TierDirectory.noteOf(pool));
  }

  /** Takes the note away, before the pool is mapped. */
  void remove() throws IOException {
    Files.deleteIfExists(TierDirectory.noteOf(pool));
  }

  /** Writes the note, after the pool was mapped and read. */
  void write() throws IOException {
    Path file = TierDirectory.noteOf(pool);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (RandomAccessFile note = new RandomAccessFile(file.toFile(), "rw")) {
      note.write(truth().getBytes(US_ASCII));
    }
  }

  private String truth() throws IOException {
    return Files.readString(BOOT, US_ASCII).strip() + " " + Files.size(pool) + "\n";
  }
}
