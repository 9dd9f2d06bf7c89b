package io.github.ndocker.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Writes entries in whichever tar formats can express them, chosen at random. Names are strings of
 * ISO 8859-1, for any bytes.
 */
final class FormatTar {
  private enum Format {
    V7,
    USTAR,
    STAR,
    GNU,
    PAX
  }

  private final Random random;
  private final TarBuilder tar = new TarBuilder();

  FormatTar(Random random) {
    this.random = random;
  }

  TarBuilder builder() {
    return tar;
  }

  /** An entry. */
  void put(String path, String link, TestInode inode, char type) {
    String name = disguised(path, type == '5');
    if (type == '0' && inode.sparse().isPresent()) {
      putSparse(name, inode, inode.sparse().get());
      return;
    }
    List<Format> formats = new ArrayList<>(List.of(Format.PAX));
    boolean plain = inode.nanos() == 0 && inode.xattrs().isEmpty();
    if (plain) {
      formats.add(Format.GNU);
      boolean small =
          inode.uid() < 1 << 21
              && inode.gid() < 1 << 21
              && inode.seconds() >= 0
              && inode.seconds() < 1L << 33
              && link.length() <= 100;
      if (small && split(name, 155) >= 0) {
        formats.add(Format.USTAR);
      }
      if (small && split(name, 131) >= 0) {
        formats.add(Format.STAR);
      }
      if (small && name.length() <= 100 && type != '3' && type != '4' && type != '6') {
        formats.add(Format.V7);
      }
    }
    write(formats.get(random.nextInt(formats.size())), name, link, inode, type);
  }

  private void putSparse(String name, TestInode inode, TestInode.Sparse sparse) {
    tar.pax("mtime", inode.time()).pax("uid", "" + inode.uid()).pax("gid", "" + inode.gid());
    inode.xattrs().forEach((key, value) -> tar.pax("SCHILY.xattr." + key, bytes(value)));
    SparseTar.put(tar, sparse.form(), name, sparse.file());
  }

  private String disguised(String path, boolean directory) {
    String begin = new String[] {"", "", "./", "/"}[random.nextInt(4)];
    String name = random.nextInt(8) == 0 ? path.replace("/", "//") : path;
    return begin + name + (directory ? "/" : "");
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Where ustar can cut a path in two: 0 if it need not, -1 if it cannot. */
  private static int split(String name, int prefix) {
    if (name.length() <= 100) {
      return 0;
    }
    for (int at = Math.min(prefix, name.length() - 2); at > 0; at--) {
      if (name.charAt(at) == '/' && name.length() - at - 1 <= 100) {
        return at;
      }
    }
    return -1;
  }

  private void write(Format format, String name, String link, TestInode inode, char type) {
    Header header = new Header(type == '5' && format == Format.V7 ? '\0' : type);
    byte[] data = type == '0' ? inode.data() : new byte[0];
    switch (format) {
      case GNU -> {
        longText('L', name);
        longText('K', link);
        header.put(257, bytes("ustar  \0")).name(name, 0).link(link);
        header.big(108, 8, inode.uid()).big(116, 8, inode.gid()).big(136, 12, inode.seconds());
        header.big(124, 12, data.length);
      }
      case PAX -> {
        Map<String, byte[]> records = records(name, link, inode);
        if (inode.nanos() > 0 || inode.seconds() < 0 || random.nextBoolean()) {
          records.put("mtime", bytes(inode.time()));
        }
        boolean sized = random.nextInt(3) == 0 && data.length > 0;
        if (sized) {
          // the field of the header is to be ignored, for data and for the next header
          records.put("size", bytes("" + data.length));
        }
        records.forEach((key, value) -> tar.pax(key, value));
        tar.flushPax();
        header.name(records.containsKey("path") ? "other" : name, 0);
        header.link(records.containsKey("linkpath") ? "other" : link);
        header.octal(108, 7, records.containsKey("uid") ? 7 : inode.uid());
        header.octal(116, 7, records.containsKey("gid") ? 7 : inode.gid());
        header.octal(136, 11, records.containsKey("mtime") ? 7 : inode.seconds());
        header.octal(124, 11, sized ? random.nextInt(2) * 5000 : data.length);
      }
      default -> {
        header.name(name, format == Format.V7 ? 0 : split(name, format == Format.STAR ? 131 : 155));
        header.link(link).octal(108, 7, inode.uid()).octal(116, 7, inode.gid());
        header.octal(136, 11, inode.seconds()).octal(124, 11, data.length);
        if (format == Format.STAR) {
          header.put(476, bytes("00000000001 00000000002 ")).put(508, bytes("tar\0"));
        } else if (format == Format.V7) {
          header.put(257, new byte[255]);
        }
      }
    }
    header.octal(100, 7, inode.mode());
    if (type == '3' || type == '4') {
      header.octal(329, 7, inode.major()).octal(337, 7, inode.minor());
    }
    tar.block(header.block).block(data).block(new byte[-data.length & 511]);
  }

  private Map<String, byte[]> records(String name, String link, TestInode inode) {
    Map<String, byte[]> records = new TreeMap<>();
    if (name.length() > 100 || random.nextBoolean()) {
      records.put("path", bytes(name));
    }
    if (link.length() > 100 || (!link.isEmpty() && random.nextBoolean())) {
      records.put("linkpath", bytes(link));
    }
    if (inode.uid() >= 1 << 21 || random.nextBoolean()) {
      records.put("uid", bytes("" + inode.uid()));
    }
    if (inode.gid() >= 1 << 21 || random.nextBoolean()) {
      records.put("gid", bytes("" + inode.gid()));
    }
    if (random.nextBoolean()) {
      records.put("uname", bytes("nobody"));
      records.put("comment", bytes("ignored\0\n"));
    }
    // a link has them, too: containerd changes the owner once more, which takes capabilities away
    inode.xattrs().forEach((key, value) -> records.put("SCHILY.xattr." + key, bytes(value)));
    return records;
  }

  private void longText(char type, String text) {
    if (text.length() > 100 || (!text.isEmpty() && random.nextInt(6) == 0)) {
      tar.raw(type, "././@LongLink", "", bytes(text + "\0"));
    }
  }

  /** A header block whose checksum is always right. */
  private static final class Header {
    private byte[] block;

    Header(char type) {
      block = TarBuilder.header(type, "", "", 0);
    }

    Header put(int offset, byte[] field) {
      block = TarBuilder.patched(block, offset, field);
      return this;
    }

    Header name(String name, int split) {
      if (split > 0) {
        put(345, bytes(name.substring(0, split)));
      }
      String rest = split > 0 ? name.substring(split + 1) : name;
      return put(0, Arrays.copyOf(bytes(rest), Math.min(100, rest.length())));
    }

    Header link(String link) {
      return put(157, Arrays.copyOf(bytes(link), Math.min(100, link.length())));
    }

    Header octal(int offset, int digits, long number) {
      return put(offset, bytes(String.format("%0" + digits + "o\0", number)));
    }

    /** Base 256 where octal digits do not do. */
    Header big(int offset, int width, long number) {
      if (number >= 0 && number < 1L << (3 * (width - 1))) {
        return octal(offset, width - 1, number);
      }
      ByteArrayOutputStream field = new ByteArrayOutputStream();
      for (int i = width - 1; i >= 0; i--) {
        int octet = i >= 8 ? (int) (number >> 63) : (int) (number >> (8 * i));
        field.write(i == width - 1 ? octet | 0x80 : octet);
      }
      return put(offset, field.toByteArray());
    }
  }
}
