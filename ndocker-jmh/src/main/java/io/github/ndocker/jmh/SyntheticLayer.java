package io.github.ndocker.jmh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Layers of made-up files, the same in every run. */
final class SyntheticLayer {
  private static final int FILES_PER_DIRECTORY = 10;
  private static final int SEED = 1;

  private SyntheticLayer() {}

  /** A tar of so many files of that size, ten to a directory. */
  static byte[] tar(int files, int bytesPerFile) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] content = compressible(bytesPerFile);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (int file = 0; file < files; file++) {
        int directory = file / FILES_PER_DIRECTORY;
        if (file % FILES_PER_DIRECTORY == 0) {
          tar.putArchiveEntry(new TarArchiveEntry("usr/lib/package" + directory + "/"));
          tar.closeArchiveEntry();
        }
        TarArchiveEntry entry =
            new TarArchiveEntry("usr/lib/package" + directory + "/file" + file + ".so");
        entry.setSize(bytesPerFile);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
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

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }
}
