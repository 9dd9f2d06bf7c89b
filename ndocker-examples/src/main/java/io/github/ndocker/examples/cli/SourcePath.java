package io.github.ndocker.examples.cli;

import io.github.ndocker.source.ArchiveSpool;
import io.github.ndocker.source.ImageArchive;
import io.github.ndocker.source.ImageSource;
import io.github.ndocker.source.OciLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A layout or an archive that a user named, or standard input. */
record SourcePath(ImageSource source, Closeable opened) implements Closeable {
  static SourcePath open(String path, StoreOptions store) throws IOException {
    if (!path.equals("-") && Files.isDirectory(Path.of(path))) {
      return new SourcePath(OciLayout.open(Path.of(path)), () -> {});
    }
    ArchiveSpool spool = store.spool();
    ImageArchive archive =
        path.equals("-")
            ? ImageArchive.read(System.in, spool)
            : ImageArchive.open(Path.of(path), spool);
    return new SourcePath(archive, archive);
  }

  @Override
  public void close() throws IOException {
    opened.close();
  }
}
