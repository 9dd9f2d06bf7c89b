package io.github.ndocker.prediction;

import io.github.ndocker.api.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The image of classes of a Java run-time ({@code lib/modules}, JEP 220): tables, and then the
 * classes of each module together.
 */
final class ClassImage {
  private static final int MAGIC = 0xcafedada;
  private static final int HEADER = 28;
  private static final int MAX_TABLES = 8 << 20;
  private static final int MAX_ENTRIES = 200_000;
  private static final int MAX_RANGES = 100;

  /** Attributes of an entry, {@code jdk.internal.jimage.ImageLocation}. */
  private static final int MODULE = 1;

  private static final int OFFSET = 5;
  private static final int COMPRESSED = 6;
  private static final int UNCOMPRESSED = 7;

  /** What a program's first use of compiler interfaces brings in. */
  static final List<String> COMPILER = List.of("jdk.compiler", "java.compiler", "jdk.zipfs");

  /** Small modules of which many programs read most. */
  private static final List<String> DENSE =
      List.of("java.logging", "java.management", "jdk.management", "java.sql", "jdk.net");

  /** What servers use of a run-time, what most of them use first. */
  private static final List<String> USUAL =
      List.of(
          "java.base",
          "java.naming",
          "java.rmi",
          "java.xml",
          "java.management.rmi",
          "jdk.management.agent",
          "jdk.jfr",
          "jdk.crypto.ec",
          "java.instrument",
          "java.net.http");

  private ClassImage() {}

  /**
   * Its tables are read by every start; of its classes, those that the shared archive lacks.
   *
   * @param first modules whose classes come before the usual ones
   */
  static Candidate candidate(Located file, Certainty certainty, List<String> first, ImageView view)
      throws IOException {
    long size = file.node().size();
    byte[] head = view.read(file, 0, HEADER);
    ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (head.length < HEADER || header.getInt(0) != MAGIC) {
      return Candidate.whole(file, certainty);
    }
    long entries = Integer.toUnsignedLong(header.getInt(16));
    long locations = Integer.toUnsignedLong(header.getInt(20));
    long names = Integer.toUnsignedLong(header.getInt(24));
    // redirections and offsets, four bytes each, then locations and names
    long tables = HEADER + 8 * entries + locations + names;
    if (tables >= size || tables > MAX_TABLES || entries > MAX_ENTRIES) {
      return Candidate.whole(file, certainty);
    }
    ByteBuffer table =
        ByteBuffer.wrap(view.read(file, 0, (int) tables)).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, List<ByteRange>> modules = new HashMap<>();
    if (table.limit() == tables) {
      new Tables(table, (int) entries, (int) locations, size).collect(modules);
    }
    List<ByteRange> dense = new ArrayList<>(List.of(new ByteRange(0, tables)));
    DENSE.forEach(module -> dense.addAll(modules.getOrDefault(module, List.of())));
    List<ByteRange> rest = new ArrayList<>();
    first.forEach(module -> rest.addAll(modules.getOrDefault(module, List.of())));
    USUAL.forEach(module -> rest.addAll(modules.getOrDefault(module, List.of())));
    return new Candidate(file, certainty, dense, rest, Candidate.Stride.ARCHIVE, List.of());
  }

  /** The tables; nothing in them is believed. */
  private record Tables(ByteBuffer bytes, int entries, int locations, long size) {
    void collect(Map<String, List<ByteRange>> modules) {
      int start = HEADER + 8 * entries;
      for (int i = 0; i < entries; i++) {
        long at = start + Integer.toUnsignedLong(bytes.getInt(HEADER + 4 * entries + 4 * i));
        long[] attributes = at < start + locations ? attributes((int) at) : new long[8];
        long length =
            attributes[COMPRESSED] > 0 ? attributes[COMPRESSED] : attributes[UNCOMPRESSED];
        long offset = bytes.limit() + attributes[OFFSET];
        if (length > 0 && attributes[OFFSET] >= 0 && length <= size && offset <= size - length) {
          List<ByteRange> ranges =
              modules.computeIfAbsent(name(attributes[MODULE]), name -> new ArrayList<>());
          ranges.add(new ByteRange(offset, length));
        }
      }
      modules.replaceAll((name, ranges) -> few(Selection.merged(ranges)));
    }

    private long[] attributes(int from) {
      long[] attributes = new long[8];
      int at = from;
      while (at < bytes.limit() && (bytes.get(at) & 0xf8) != 0) {
        int kind = (bytes.get(at) & 0xff) >> 3;
        int length = (bytes.get(at) & 7) + 1;
        long value = 0;
        for (int i = 1; i <= length && at + i < bytes.limit(); i++) {
          value = value << 8 | (bytes.get(at + i) & 0xff);
        }
        if (kind < attributes.length) {
          attributes[kind] = value;
        }
        at += 1 + length;
      }
      return attributes;
    }

    private String name(long offset) {
      StringBuilder name = new StringBuilder();
      long at = HEADER + 8L * entries + locations + offset;
      while (at >= 0 && at < bytes.limit() && bytes.get((int) at) != 0 && name.length() < 100) {
        name.append((char) bytes.get((int) at++));
      }
      return name.toString();
    }

    /** Joined where little lies between them. */
    private static List<ByteRange> few(List<ByteRange> ranges) {
      List<ByteRange> joined = new ArrayList<>();
      for (ByteRange range : ranges) {
        int last = joined.size() - 1;
        if (last >= 0 && range.offset() - joined.get(last).end() < 4096) {
          ByteRange before = joined.get(last);
          joined.set(last, new ByteRange(before.offset(), range.end() - before.offset()));
        } else {
          joined.add(range);
        }
      }
      return joined.subList(0, Math.min(joined.size(), MAX_RANGES));
    }
  }
}
