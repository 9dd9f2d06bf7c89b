package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file beside a pool that is not open, and what is known from it: the boot of the host, and a
 * checksum of what LLPL and PMDK keep in the pool and believe when they map it. It is never forced:
 * after a power cut it is of another boot.
 *
 * <pre>
 * boot ID
 * checksum, CRC32C in hexadecimal
 * first byte and the one after the last       (of each range that the checksum is of)
 * </pre>
 *
 * @param pool the pool file
 */
record ClosingNote(Path pool) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String MAPPING = "mapping";
  private static final int MOST_LINES = PoolHeader.MOST_ARENAS + 10;
  private static final int PIECE = 1 << 20;

  /** What is known of a pool. */
  enum State {
    /** It is as it was when it was closed. */
    CLOSED,
    /** It was closed since the host started, and is not what it was then. */
    CHANGED,
    /** A process was mapping it and did not get to the end of that. */
    BEING_MAPPED,
    /** It was not closed, or the host has started since. */
    UNKNOWN
  }

  State read() throws IOException {
    Path file = TierDirectory.noteOf(pool);
    if (!Files.exists(file)) {
      return State.UNKNOWN;
    }
    List<String> lines = Files.readAllLines(file, US_ASCII);
    if (lines.equals(List.of(MAPPING))) {
      return State.BEING_MAPPED;
    }
    if (lines.size() < 3 || lines.size() > MOST_LINES) {
      return State.UNKNOWN;
    }
    try {
      List<Span> spans = lines.stream().skip(2).map(Span::parse).toList();
      if (lines.get(1).equals(checksum(spans))) {
        return State.CLOSED;
      }
    } catch (NumberFormatException e) {
      return State.UNKNOWN;
    }
    return lines.get(0).equals(boot()) ? State.CHANGED : State.UNKNOWN;
  }

  /** Notes that this process begins to map the pool, which may be its end. */
  void begin() throws IOException {
    write(TierDirectory.noteOf(pool), List.of(MAPPING));
  }

  /** Takes the note away, as the pool is open now or set aside. */
  void remove() throws IOException {
    Files.deleteIfExists(TierDirectory.noteOf(pool));
  }

  /**
   * Writes the note, when nothing changes the pool any more.
   *
   * @param spans all of the pool that is neither an arena nor the directory
   */
  void write(List<Span> spans) throws IOException {
    List<String> lines = new ArrayList<>(List.of(boot(), checksum(spans)));
    spans.forEach(span -> lines.add(span.toString()));
    write(TierDirectory.noteOf(pool), lines);
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, lines, US_ASCII);
  }

  private static String boot() throws IOException {
    return Files.readString(BOOT, US_ASCII).strip();
  }

  private String checksum(List<Span> spans) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] piece = new byte[PIECE];
    try (RandomAccessFile file = new RandomAccessFile(pool.toFile(), "r")) {
      // a pool that was cut or has grown has another checksum
      checksum.update(Long.toString(file.length()).getBytes(US_ASCII));
      for (Span span : spans) {
        file.seek(span.from());
        int read = 0;
        for (long left = span.to() - span.from(); left > 0 && read >= 0; left -= read) {
          read = file.read(piece, 0, (int) Math.min(left, PIECE));
          checksum.update(piece, 0, Math.max(0, read));
        }
      }
    }
    return Long.toHexString(checksum.getValue());
  }

  /**
   * A range of the pool file.
   *
   * @param from its first byte
   * @param to the byte after its last one
   */
  record Span(long from, long to) {
    private static Span parse(String line) {
      int space = line.indexOf(' ');
      return new Span(
          Long.parseLong(line.substring(0, Math.max(0, space))),
          Long.parseLong(line.substring(space + 1)));
    }

    @Override
    public String toString() {
      return from + " " + to;
    }
  }
}
