package io.github.ndocker.jmh;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexer;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Layers of made-up files, the same in every run. */
final class SyntheticLayer {
  private static final int FILES_PER_DIRECTORY = 10;
  private static final int SEED = 1;
  private static final int CHUNK = 1 << 20;

  private SyntheticLayer() {}

  /** A tar of so many files of that size, ten to a directory. */
  static byte[] tar(int files, int bytesPerFile) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writeTar(bytes, files, bytesPerFile);
    return bytes.toByteArray();
  }

  /** The index of such a tar, which is never in memory as a whole. */
  static LayerIndex index(int files, int bytesPerFile) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    OutputStream indexed =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            indexer.update(new byte[] {(byte) octet}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            indexer.update(bytes, from, length);
          }
        };
    writeTar(new BufferedOutputStream(indexed, CHUNK), files, bytesPerFile);
    return indexer.finish();
  }

  /** Where the directory of a file is in the tree, without a slash in front. */
  static String directoryOf(int file) {
    return "usr/lib/package" + file / FILES_PER_DIRECTORY;
  }

  /** Where a file is in the tree, without a slash in front. */
  static String pathOf(int file) {
    return directoryOf(file) + "/file" + file + ".so";
  }

  private static void writeTar(OutputStream out, int files, int bytesPerFile) throws IOException {
    byte[] content = compressible(bytesPerFile);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      for (int file = 0; file < files; file++) {
        if (file % FILES_PER_DIRECTORY == 0) {
          tar.putArchiveEntry(entry(directoryOf(file) + "/"));
          tar.closeArchiveEntry();
        }
        TarArchiveEntry entry = entry(pathOf(file));
        entry.setSize(bytesPerFile);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
  }

  private static TarArchiveEntry entry(String path) {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    // not the time of day, which would differ between files, and so the size of their inodes
    entry.setModTime(0);
    return entry;
  }

  /** Bytes that deflate to about half, as the files of images do. */
  static byte[] compressible(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(SEED);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(16);
    }
    return bytes;
  }

  /** Bytes that no medium can store in less room. */
  static byte[] incompressible(int length) {
    byte[] bytes = new byte[length];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }
}
