package io.github.ndocker.prediction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.ndocker.api.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel and the dynamic loader read of an ELF file (System V ABI, "Object Files").
 * Immutable.
 *
 * @param machine the processor and the width of words, as a number
 * @param interpreter the loader that it asks for
 * @param needed names of libraries that it is linked with
 * @param runPath directories to look for them in, before those of the system
 * @param loaded what is read when it is mapped and relocated
 * @param code what is read as it runs: code, and constants if they are few
 * @param sparse large tables of symbols, in which something is looked up
 * @param constants where its constants are: what is mapped neither to be written nor executed; in
 *     old files, which do not part them, with the code
 */
record ElfFile(
    int machine,
    Optional<String> interpreter,
    List<String> needed,
    List<String> runPath,
    List<ByteRange> loaded,
    List<ByteRange> code,
    List<ByteRange> sparse,
    List<ByteRange> constants) {
  static final int MAX_NEEDED = 512;
  private static final int MAX_RUN_PATH = 64;
  private static final int MAX_SEGMENTS = 64;
  private static final int MAX_DYNAMIC = 64 << 10;
  private static final int MAX_NAME = 1024;

  /** Relocations and symbols before the code; of what is larger only some is read. */
  private static final long MAX_TABLES = 2 << 20;

  /** The same where they are in one segment with the code, and where they end is not said. */
  private static final long MIXED_TABLES = 64 << 10;

  /**
   * Larger ones beside little code are data, such as that of ICU: a start reads few pages of it.
   */
  private static final long MAX_CONSTANTS = 4 << 20;

  private static final int DATA_TO_CODE = 8;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int EXECUTABLE = 1;
  private static final int WRITABLE = 2;

  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;

  /** A program header. */
  private record Segment(int type, int flags, long offset, long address, long length) {}

  /** Reads a file; empty if it is no ELF file, or one that nothing can be made of. */
  static Optional<ElfFile> of(ImageView view, Located file) throws IOException {
    byte[] head = view.read(file, 0, 64);
    if (head.length < 52
        || head[0] != 0x7f
        || head[1] != 'E'
        || head[2] != 'L'
        || head[3] != 'F'
        || head[4] < 1
        || head[4] > 2
        || head[5] < 1
        || head[5] > 2) {
      return Optional.empty();
    }
    boolean wide = head[4] == 2;
    ByteBuffer header = ordered(head, head);
    if (wide && head.length < 64) {
      return Optional.empty();
    }
    long table = wide ? header.getLong(32) : header.getInt(28) & 0xffffffffL;
    int entry = Short.toUnsignedInt(header.getShort(wide ? 54 : 42));
    int count = Math.min(MAX_SEGMENTS, Short.toUnsignedInt(header.getShort(wide ? 56 : 44)));
    if (entry < (wide ? 56 : 32) || entry > 256) {
      return Optional.empty();
    }
    ByteBuffer headers = ordered(head, view.read(file, table, entry * count));
    List<Segment> segments = new ArrayList<>();
    for (int at = 0; at + entry <= headers.limit(); at += entry) {
      segments.add(segment(headers, at, wide));
    }
    return Optional.of(read(view, file, head, segments));
  }

  private static ElfFile read(ImageView view, Located file, byte[] head, List<Segment> segments)
      throws IOException {
    boolean wide = head[4] == 2;
    Optional<String> interpreter = Optional.empty();
    List<String> needed = new ArrayList<>();
    List<String> runPath = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.type == PT_INTERP) {
        interpreter = Optional.of(name(view, file, segment.offset));
      } else if (segment.type == PT_DYNAMIC) {
        int length = (int) Math.max(0, Math.min(segment.length, MAX_DYNAMIC));
        ByteBuffer entries = ordered(head, view.read(file, segment.offset, length));
        long names = names(entries, segments, wide);
        for (int at = 0; at + (wide ? 16 : 8) <= entries.limit(); at += wide ? 16 : 8) {
          long tag = word(entries, at, wide);
          long offset = names + word(entries, at + (wide ? 8 : 4), wide);
          if (names < 0 || tag == 0) {
            break;
          }
          if (tag == DT_NEEDED && needed.size() < MAX_NEEDED) {
            needed.add(name(view, file, offset));
          } else if ((tag == DT_RPATH || tag == DT_RUNPATH) && runPath.size() < MAX_RUN_PATH) {
            List<String> places = List.of(name(view, file, offset).split(":", -1));
            int room = MAX_RUN_PATH - runPath.size();
            runPath.addAll(places.subList(0, Math.min(places.size(), room)));
          }
        }
      }
    }
    int machine = head[4] << 16 | Short.toUnsignedInt(ordered(head, head).getShort(18));
    return ranges(file, segments, machine, interpreter, needed, runPath);
  }

  private static ElfFile ranges(
      Located file,
      List<Segment> segments,
      int machine,
      Optional<String> interpreter,
      List<String> needed,
      List<String> runPath) {
    List<ByteRange> loaded = new ArrayList<>();
    List<ByteRange> code = new ArrayList<>();
    List<ByteRange> constants = new ArrayList<>();
    List<ByteRange> sparse = new ArrayList<>();
    boolean first = true;
    for (Segment segment : segments) {
      if (segment.type != PT_LOAD) {
        continue;
      }
      if (first || (segment.flags & WRITABLE) != 0) {
        // tables and code may be in one segment: the tables come first
        boolean mixed = (segment.flags & EXECUTABLE) != 0;
        long tables = mixed ? MIXED_TABLES : MAX_TABLES;
        add(file, loaded, segment.offset, Math.min(segment.length, tables));
        add(file, mixed ? code : sparse, segment.offset + tables, segment.length - tables);
      } else if ((segment.flags & EXECUTABLE) != 0) {
        add(file, code, segment.offset, segment.length);
      } else {
        add(file, constants, segment.offset, segment.length);
      }
      first = false;
    }
    List<ByteRange> early = Selection.merged(loaded);
    List<ByteRange> running = new ArrayList<>(without(Selection.merged(code), early));
    long program = running.stream().mapToLong(ByteRange::length).sum();
    for (ByteRange range : without(without(Selection.merged(constants), early), running)) {
      if (range.length() <= MAX_CONSTANTS || range.length() <= DATA_TO_CODE * program) {
        running.add(range);
      }
    }
    List<ByteRange> seldom =
        without(without(Selection.merged(sparse), early), Selection.merged(running));
    return new ElfFile(
        machine,
        interpreter,
        needed,
        runPath,
        early,
        running,
        seldom,
        constants.isEmpty() ? code : constants);
  }

  /** Adds what of a segment lies in the file. */
  private static void add(Located file, List<ByteRange> ranges, long offset, long length) {
    long size = file.node().size();
    if (offset >= 0 && offset < size && length > 0) {
      ranges.add(new ByteRange(offset, Math.min(length, size - offset)));
    }
  }

  private static List<ByteRange> without(List<ByteRange> ranges, List<ByteRange> taken) {
    List<ByteRange> rest = new ArrayList<>();
    for (ByteRange range : ranges) {
      long from = range.offset();
      for (ByteRange other : taken) {
        if (other.end() <= from || other.offset() >= range.end()) {
          continue;
        }
        if (other.offset() > from) {
          rest.add(new ByteRange(from, other.offset() - from));
        }
        from = other.end();
      }
      if (from < range.end()) {
        rest.add(new ByteRange(from, range.end() - from));
      }
    }
    return rest;
  }

  /** Where in the file the table of names begins, or -1. */
  private static long names(ByteBuffer entries, List<Segment> segments, boolean wide) {
    for (int at = 0; at + (wide ? 16 : 8) <= entries.limit(); at += wide ? 16 : 8) {
      if (word(entries, at, wide) == DT_STRTAB) {
        long address = word(entries, at + (wide ? 8 : 4), wide);
        for (Segment segment : segments) {
          long within = address - segment.address;
          if (segment.type == PT_LOAD && within >= 0 && within < segment.length) {
            return segment.offset + within;
          }
        }
      }
    }
    return -1;
  }

  private static String name(ImageView view, Located file, long offset) throws IOException {
    byte[] bytes = view.read(file, offset, MAX_NAME);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, ISO_8859_1);
  }

  private static Segment segment(ByteBuffer headers, int at, boolean wide) {
    return wide
        ? new Segment(
            headers.getInt(at),
            headers.getInt(at + 4),
            headers.getLong(at + 8),
            headers.getLong(at + 16),
            headers.getLong(at + 32))
        : new Segment(
            headers.getInt(at),
            headers.getInt(at + 24),
            headers.getInt(at + 4) & 0xffffffffL,
            headers.getInt(at + 8) & 0xffffffffL,
            headers.getInt(at + 16) & 0xffffffffL);
  }

  private static long word(ByteBuffer buffer, int at, boolean wide) {
    return wide ? buffer.getLong(at) : buffer.getInt(at) & 0xffffffffL;
  }

  private static ByteBuffer ordered(byte[] head, byte[] bytes) {
    return ByteBuffer.wrap(bytes)
        .order(head[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }
}
