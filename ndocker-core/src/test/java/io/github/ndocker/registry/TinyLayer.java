package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A layer made by hand: its command in the history, its tar, and that compressed. */
@SuppressWarnings("ArrayRecordComponent") // test data, compared by digest
public record TinyLayer(String createdBy, byte[] tar, byte[] compressed) {
  /** A layer of regular files, by path and content; a path that ends in a slash is a directory. */
  public static TinyLayer of(String createdBy, Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (TarArchiveOutputStream entries = new TarArchiveOutputStream(tar, "UTF-8")) {
      entries.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        boolean directory = file.getKey().endsWith("/");
        TarArchiveEntry entry =
            new TarArchiveEntry(
                file.getKey(), directory ? TarConstants.LF_DIR : TarConstants.LF_NORMAL);
        entry.setSize(directory ? 0 : file.getValue().length);
        entry.setMode(directory ? 0755 : 0644);
        entry.setModTime(1_735_689_600_000L);
        entries.putArchiveEntry(entry);
        if (!directory) {
          entries.write(file.getValue());
        }
        entries.closeArchiveEntry();
      }
    }
    return ofTar(createdBy, tar.toByteArray());
  }

  /** A layer of text files. */
  public static TinyLayer ofTexts(String createdBy, Map<String, String> files) throws IOException {
    Map<String, byte[]> bytes = new HashMap<>();
    files.forEach((path, text) -> bytes.put(path, text.getBytes(UTF_8)));
    return of(createdBy, bytes);
  }

  /** A layer of any bytes, a tar or not. */
  public static TinyLayer ofTar(String createdBy, byte[] tar) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(tar);
    }
    return new TinyLayer(createdBy, tar, compressed.toByteArray());
  }

  public DiffId diffId() {
    return new DiffId(sha256(tar));
  }

  public Digest digest() {
    return sha256(compressed);
  }

  public static Digest sha256(byte[] bytes) {
    try {
      return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TinyLayer layer
        && createdBy.equals(layer.createdBy)
        && diffId().equals(layer.diffId());
  }

  @Override
  public int hashCode() {
    return Objects.hash(createdBy, diffId());
  }
}
