package io.github.ndocker.source;

import io.github.ndocker.registry.TinyImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** The contract, for a layout in a tar that comes as a stream. */
class OciArchiveTest extends ImageSourceContractTest {
  private ImageArchive archive;

  @Override
  ImageSource holding(TinyImage image) throws IOException {
    byte[] tar = Archives.tar(image.writeLayout(directory.resolve("layout"))).finished();
    archive =
        ImageArchive.read(new ByteArrayInputStream(tar), new ArchiveSpool(directory, 1 << 20));
    return archive;
  }

  @AfterEach
  void close() throws IOException {
    archive.close();
  }
}
