package io.github.ndocker.prediction;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes small ELF files: headers, a dynamic table, names, and code of any length. */
final class ElfBuilder {
  private static final int PAGE = 4096;

  private String interpreter = "";
  private final List<String> needed = new ArrayList<>();
  private final List<String> runPaths = new ArrayList<>();
  private String constants = "";
  private int codePages = 1;

  ElfBuilder interpreter(String path) {
    interpreter = path;
    return this;
  }

  ElfBuilder needs(String... names) {
    needed.addAll(List.of(names));
    return this;
  }

  ElfBuilder runPath(String path) {
    runPaths.add(path);
    return this;
  }

  ElfBuilder constants(String... texts) {
    constants = String.join("\0", texts) + "\0";
    return this;
  }

  ElfBuilder codePages(int pages) {
    codePages = pages;
    return this;
  }

  byte[] bytes() {
    StringBuilder names = new StringBuilder("\0");
    List<long[]> dynamic = new ArrayList<>();
    for (String name : needed) {
      dynamic.add(new long[] {1, names.length()});
      names.append(name).append('\0');
    }
    for (String runPath : runPaths) {
      dynamic.add(new long[] {29, names.length()});
      names.append(runPath).append('\0');
    }
    int table = 64 + 5 * 56;
    int interp = table + (dynamic.size() + 2) * 16;
    int strings = interp + interpreter.length() + 1;
    int tables = roundUp(strings + names.length());
    dynamic.add(new long[] {5, strings});
    dynamic.add(new long[] {0, 0});
    int data = tables + codePages * PAGE;
    int size = data + roundUp(constants.length() + 1);
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putShort(18, (short) 62).putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 5);
    segment(elf, 0, 1, 4, 0, tables);
    segment(elf, 1, 1, 5, tables, (long) codePages * PAGE);
    segment(elf, 2, 1, 4, data, size - data);
    segment(elf, 3, 2, 6, table, dynamic.size() * 16L);
    segment(elf, 4, interpreter.isEmpty() ? 4 : 3, 4, interp, interpreter.length() + 1L);
    for (int i = 0; i < dynamic.size(); i++) {
      elf.putLong(table + 16 * i, dynamic.get(i)[0]).putLong(table + 16 * i + 8, dynamic.get(i)[1]);
    }
    elf.position(interp);
    elf.put(interpreter.getBytes(US_ASCII));
    elf.position(strings);
    elf.put(names.toString().getBytes(US_ASCII));
    elf.position(data);
    elf.put(("\0" + constants).getBytes(US_ASCII));
    return elf.array();
  }

  private static void segment(
      ByteBuffer elf, int index, int type, int flags, long offset, long length) {
    int at = 64 + 56 * index;
    elf.putInt(at, type).putInt(at + 4, flags).putLong(at + 8, offset).putLong(at + 16, offset);
    elf.putLong(at + 32, length).putLong(at + 40, length);
  }

  private static int roundUp(int value) {
    return (value + PAGE - 1) / PAGE * PAGE;
  }
}
