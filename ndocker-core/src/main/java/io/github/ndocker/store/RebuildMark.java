package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside a catalogue that is there as long as the catalogue lacks rows: so a process that
 * dies while it makes a new one of an old one leaves that to the next. It says in a line each what
 * the damaged ones are called: more than one if the new one was damaged before it had all rows.
 *
 * @param catalogue the catalogue's file
 */
record RebuildMark(Path catalogue) {
  private static final Logger LOG = LoggerFactory.getLogger(RebuildMark.class);
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
    List<Path> damaged = damaged();
    if (!isSet()) {
      add("");
    }
    for (String journal : JOURNALS) {
      Path left = sibling(journal);
      if (!damaged.isEmpty() && Files.exists(left) && !Files.exists(aside(damaged, journal))) {
        Files.move(left, aside(damaged, journal));
      } else {
        // of a database that is gone: SQLite must not take it for the new one's
        Files.deleteIfExists(left);
      }
    }
  }

  /** The journal of the one that was moved aside last. */
  private static Path aside(List<Path> damaged, String journal) {
    Path last = damaged.get(damaged.size() - 1);
    return last.resolveSibling(last.getFileName() + journal);
  }

  /** Sets the mark, and gives the catalogue's files another name. */
  void moveAside() throws IOException {
    String aside = catalogue.getFileName() + ".damaged-" + UUID.randomUUID();
    add(aside);
    Files.move(catalogue, catalogue.resolveSibling(aside));
    prepare();
  }

  /** The catalogues that were moved aside since there was one that lacked nothing, in order. */
  List<Path> damaged() throws IOException {
    List<Path> damaged = new ArrayList<>();
    for (String name : lines()) {
      if (DAMAGED.matcher(name).matches() && Files.exists(catalogue.resolveSibling(name))) {
        damaged.add(catalogue.resolveSibling(name));
      } else {
        LOG.warn("a line of {} names no damaged catalogue; no rows are taken out of one", file());
      }
    }
    return damaged;
  }

  private List<String> lines() throws IOException {
    try {
      // not readString: what is no text must not keep the catalogue from being opened
      String text = new String(Files.readAllBytes(file()), UTF_8);
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  void clear() throws IOException {
    if (Files.deleteIfExists(file())) {
      BlobDirectory.force(Objects.requireNonNull(catalogue.getParent(), "parent"));
    }
  }

  private void add(String damaged) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            BlobDirectory.createFile(file()),
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      // a line of its own, also after one that a crash has cut
      channel.write(ByteBuffer.wrap(("\n" + damaged).getBytes(UTF_8)));
      channel.force(true);
    }
    BlobDirectory.force(Objects.requireNonNull(catalogue.getParent(), "parent"));
  }
}
