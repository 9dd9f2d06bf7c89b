package io.github.ndocker.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes tars byte by byte, also ones that no archiver would make. */
public final class TarBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<byte[]> records = new ArrayList<>();
  private final Map<String, byte[]> pax = new LinkedHashMap<>();

  /** An empty tar. */
  public TarBuilder() {}

  /** Puts a PAX record before the next entry. */
  public TarBuilder pax(String key, String value) {
    return pax(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a PAX record before the next entry. */
  public TarBuilder pax(String key, byte[] value) {
    pax.put(key, value);
    return this;
  }

  /** Puts a PAX record before the next entry, even if there is one of that key. */
  public TarBuilder paxAgain(String key, String value) {
    records.add(record(key, value.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  public TarBuilder file(String name, String text) {
    return entry('0', name, "", text.getBytes(StandardCharsets.UTF_8));
  }

  public TarBuilder directory(String name) {
    return entry('5', name, "", new byte[0]);
  }

  public TarBuilder symlink(String name, String target) {
    return entry('2', name, target, new byte[0]);
  }

  public TarBuilder hardLink(String name, String target) {
    return entry('1', name, target, new byte[0]);
  }

  /** An entry; long names become PAX records. */
  public TarBuilder entry(char type, String name, String link, byte[] body) {
    if (name.length() > 100) {
      pax("path", name);
    }
    if (link.length() > 100) {
      pax("linkpath", link);
    }
    flushPax();
    return raw(type, name, link, body);
  }

  /** Writes the PAX records that wait for an entry. */
  TarBuilder flushPax() {
    if (!pax.isEmpty() || !records.isEmpty()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      pax.forEach((key, value) -> all.writeBytes(record(key, value)));
      records.forEach(all::writeBytes);
      pax.clear();
      records.clear();
      raw('x', "pax", "", all.toByteArray());
    }
    return this;
  }

  /** A header as it is given, and a body. */
  public TarBuilder raw(char type, String name, String link, byte[] body) {
    byte[] header = header(type, name, link, body.length);
    return block(header).body(body);
  }

  /** Any bytes. */
  public TarBuilder block(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private TarBuilder body(byte[] body) {
    out.writeBytes(body);
    out.writeBytes(new byte[-body.length & 511]);
    return this;
  }

  /** The tar without an end mark. */
  public byte[] unfinished() {
    return out.toByteArray();
  }

  /** The tar. */
  public byte[] finished() {
    byte[] bytes = out.toByteArray();
    return Arrays.copyOf(bytes, bytes.length + 1024);
  }

  /** The index of the tar. */
  public LayerIndex index() throws MalformedLayerException {
    return index(finished());
  }

  /** The index of a tar. */
  public static LayerIndex index(byte[] tar) throws MalformedLayerException {
    return index(tar, LayerLimits.DEFAULT);
  }

  /** The index of a tar, within limits. */
  public static LayerIndex index(byte[] tar, LayerLimits limits) throws MalformedLayerException {
    LayerIndexer indexer = new LayerIndexer(limits);
    indexer.update(tar, 0, tar.length);
    return indexer.finish();
  }

  /** A ustar header with mode 0644 and the time 1000. */
  public static byte[] header(char type, String name, String link, long size) {
    byte[] block = new byte[512];
    put(block, 0, name.length() > 100 ? name.substring(0, 100) : name);
    put(block, 100, "0000644\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, String.format("%011o\0", size));
    put(block, 136, String.format("%011o\0", 1000));
    put(block, 157, link.length() > 100 ? link.substring(0, 100) : link);
    block[156] = (byte) type;
    put(block, 257, "ustar\00000");
    put(block, 329, "0000000\0");
    put(block, 337, "0000000\0");
    return summed(block);
  }

  /** A header with a field replaced, and the right checksum. */
  public static byte[] patched(byte[] header, int offset, byte[] field) {
    byte[] block = header.clone();
    System.arraycopy(field, 0, block, offset, field.length);
    return summed(block);
  }

  private static byte[] summed(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte octet : block) {
      sum += octet & 0xff;
    }
    put(block, 148, String.format("%06o\0 ", sum));
    return block;
  }

  static byte[] record(String key, byte[] value) {
    int rest = key.getBytes(StandardCharsets.UTF_8).length + value.length + 3;
    int length = rest + 1;
    while (String.valueOf(length).length() + rest != length) {
      length = String.valueOf(length).length() + rest;
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  private static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }
}
