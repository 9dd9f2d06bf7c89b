package io.github.ndocker.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Sparse files in all of GNU's forms, byte by byte. */
public final class SparseTar {
  private SparseTar() {}

  /** In which way a file is sparse. */
  public enum Form {
    OLD,
    PAX_0_0,
    PAX_0_1,
    PAX_1_0
  }

  /** A sparse file. */
  public static final class File {
    private final byte[] content;
    private final List<long[]> map;

    /**
     * A sparse file.
     *
     * @param content as it is read
     * @param map offset and length of each stretch of data
     */
    public File(byte[] content, List<long[]> map) {
      this.content = content;
      this.map = map;
    }

    public byte[] content() {
      return content;
    }

    /** The data as it lies in a tar. */
    byte[] packed() {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      map.forEach(stretch -> data.write(content, (int) stretch[0], (int) stretch[1]));
      return data.toByteArray();
    }

    /** A file of data and holes, aligned to pages, to blocks, or to nothing. */
    public static File random(Random random) {
      int unit = random.nextBoolean() ? 4096 : random.nextBoolean() ? 512 : 1 + random.nextInt(900);
      return random(random, unit);
    }

    /** A file of data and holes, on multiples of {@code unit}. */
    public static File random(Random random, int unit) {
      List<long[]> map = new ArrayList<>();
      int at = 0;
      for (int i = random.nextInt(30); i > 0; i--) {
        at += random.nextInt(3) * random.nextInt(20) * unit;
        int length = random.nextInt(3) * random.nextInt(20) * unit;
        map.add(new long[] {at, length});
        at += length;
      }
      byte[] content = new byte[at + random.nextInt(3) * random.nextInt(100_000)];
      for (long[] stretch : map) {
        byte[] data = new byte[(int) stretch[1]];
        random.nextBytes(data);
        System.arraycopy(data, 0, content, (int) stretch[0], data.length);
      }
      return new File(content, map);
    }
  }

  /** Puts a file into a tar, with the PAX records that wait there. The name is of ISO 8859-1. */
  public static TarBuilder put(TarBuilder tar, Form form, String name, File file) {
    boolean fits = name.length() <= 80 && name.chars().allMatch(octet -> octet < 128);
    String header = fits ? name : "other";
    if (!fits) {
      tar.pax("path", latin(name));
    }
    return switch (form) {
      case OLD -> putOld(tar, header, file);
      case PAX_0_0 -> {
        tar.pax("GNU.sparse.size", "" + file.content.length);
        tar.pax("GNU.sparse.numblocks", "" + file.map.size());
        for (long[] stretch : file.map) {
          tar.paxAgain("GNU.sparse.offset", "" + stretch[0]);
          tar.paxAgain("GNU.sparse.numbytes", "" + stretch[1]);
        }
        yield tar.entry('0', header, "", file.packed());
      }
      case PAX_0_1 -> {
        tar.pax("GNU.sparse.size", "" + file.content.length);
        tar.pax("GNU.sparse.numblocks", "" + file.map.size());
        tar.pax("GNU.sparse.name", latin(name));
        tar.pax("GNU.sparse.map", numbers(file, ","));
        yield tar.entry('0', "GNUSparseFile.0/" + header, "", file.packed());
      }
      case PAX_1_0 -> {
        tar.pax("GNU.sparse.major", "1").pax("GNU.sparse.minor", "0");
        tar.pax("GNU.sparse.name", latin(name));
        tar.pax("GNU.sparse.realsize", "" + file.content.length);
        byte[] text =
            (file.map.size() + "\n" + numbers(file, "\n")).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(Arrays.copyOf(text, (text.length + 511) & ~511));
        body.writeBytes(file.packed());
        yield tar.entry('0', "GNUSparseFile.0/" + header, "", body.toByteArray());
      }
    };
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String numbers(File file, String separator) {
    StringBuilder text = new StringBuilder();
    for (long[] stretch : file.map) {
      text.append(text.isEmpty() || separator.equals("\n") ? "" : separator);
      text.append(stretch[0]).append(separator).append(stretch[1]);
      text.append(separator.equals("\n") ? "\n" : "");
    }
    return text.toString();
  }

  private static TarBuilder putOld(TarBuilder tar, String name, File file) {
    byte[] packed = file.packed();
    byte[] header = TarBuilder.header('S', name, "", packed.length);
    header = TarBuilder.patched(header, 257, "ustar  \0".getBytes(StandardCharsets.US_ASCII));
    int inHeader = Math.min(4, file.map.size());
    header = TarBuilder.patched(header, 386, stretches(file, 0, inHeader));
    header = TarBuilder.patched(header, 482, new byte[] {(byte) (file.map.size() > 4 ? 1 : 0)});
    header = TarBuilder.patched(header, 483, octal(file.content.length));
    tar.flushPax().block(header);
    for (int from = 4; from < file.map.size(); from += 21) {
      int to = Math.min(from + 21, file.map.size());
      byte[] block = Arrays.copyOf(stretches(file, from, to), 512);
      block[504] = (byte) (to < file.map.size() ? 1 : 0);
      tar.block(block);
    }
    return tar.block(packed).block(new byte[-packed.length & 511]);
  }

  private static byte[] stretches(File file, int from, int to) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    for (long[] stretch : file.map.subList(from, to)) {
      fields.writeBytes(octal(stretch[0]));
      fields.writeBytes(octal(stretch[1]));
    }
    return fields.toByteArray();
  }

  private static byte[] octal(long number) {
    return String.format("%011o\0", number).getBytes(StandardCharsets.US_ASCII);
  }
}
