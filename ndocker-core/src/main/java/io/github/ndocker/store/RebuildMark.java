package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A file beside a catalogue that is there as long as the catalogue lacks rows: so a process that
 * dies while it makes a new one of an old one leaves that to the next. It says what the damaged one
 * is called, if there is one.
 *
 * @param catalogue the catalogue's file
 */
record RebuildMark(Path catalogue) {
  private static final Pattern DAMAGED = Pattern.compile("catalogue\\.db\\.damaged-[0-9a-f-]{36}");

  /** SQLite's journals; the database itself moves first, for without it they are ignored. */
  private static final List<String> JOURNALS = List.of("-wal", "-shm");

  private Path file() {
    return sibling(".incomplete");
  }

  private Path sibling(String suffix) {
    return catalogue.resolveSibling(catalogue.getFileName() + suffix);
  }

  boolean isSet() {
    return Files.exists(file());
  }

  /** Before the catalogue is opened: sets the mark where there is none, and ends what was begun. */
  void prepare() throws IOException {
    if (Files.exists(catalogue) && Files.size(catalogue) > 0) {
      return;
    }
    Optional<Path> damaged = damaged();
    if (!isSet()) {
      set("");
    }
    for (String journal : JOURNALS) {
      Path left = sibling(journal);
      if (damaged.isPresent() && Files.exists(left)) {
        Files.move(left, damaged.get().resolveSibling(damaged.get().getFileName() + journal));
      } else {
        // of a database that is gone: SQLite must not take it for the new one's
        Files.deleteIfExists(left);
      }
    }
  }

  /** Sets the mark, and gives the catalogue's files another name. */
  void moveAside() throws IOException {
    String aside = catalogue.getFileName() + ".damaged-" + UUID.randomUUID();
    set(aside);
    Files.move(catalogue, catalogue.resolveSibling(aside));
    prepare();
  }

  /** The catalogue that was moved aside, if that was the reason. */
  Optional<Path> damaged() throws IOException {
    try {
      String name = Files.readString(file()).strip();
      Path aside = catalogue.resolveSibling(DAMAGED.matcher(name).matches() ? name : "none");
      return Files.exists(aside) ? Optional.of(aside) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void clear() throws IOException {
    if (Files.deleteIfExists(file())) {
      BlobDirectory.force(Objects.requireNonNull(catalogue.getParent(), "parent"));
    }
  }

  private void set(String damaged) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            BlobDirectory.createFile(file()),
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(damaged.getBytes(UTF_8)));
      channel.force(true);
    }
    BlobDirectory.force(Objects.requireNonNull(catalogue.getParent(), "parent"));
  }
}
